using RadTex.Imaging.Transforms;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Native;
using RadTex.Learning.Pretraining;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.ZeroShot;

/// <summary>How well texts go with radiographs, by the model of a pretraining.</summary>
internal abstract class TextAffinity : IDisposable
{
    private protected TextAffinity(nn.Module model, WordPieceVocabulary vocabulary, ModelCard card, string weightsOf)
    {
        (Module, Card, Name) = (model, card, weightsOf);
        Tokenizer = new(vocabulary, card.Model.MaxTokens);
        Input = new(card.ImageSize, card.Model.Channels, IntensityScalings.Parse(card.Scaling));
    }

    /// <summary>In words, for pages.</summary>
    public abstract string Method { get; }

    public ModelCard Card { get; }

    /// <summary>The model's folder.</summary>
    public string Name { get; }

    internal ReportTokenizer Tokenizer { get; }

    internal RadiographInput Input { get; }

    private protected nn.Module Module { get; }

    /// <summary>In which directions a model of an objective is asked; null where it does not say how well a text goes with a radiograph. Of a sum
    /// it is the first term's model that is asked.</summary>
    public static CaptionDirections? DirectionsOf(PretrainingObjective objective) => objective switch
    {
        CaptioningObjective captioning => captioning.Directions,
        ContrastiveObjective => CaptionDirections.Both,
        SummedObjective { Terms: [var first, ..] } => DirectionsOf(first.Objective),
        _ => null,
    };

    /// <summary>Opens a run of the objective captioning or contrastive, or its model's folder.</summary>
    /// <param name="run">The folder.</param>
    /// <param name="directions">Of a captioning run, the directions that are asked.</param>
    /// <exception cref="UserErrorException">There is no model, or one that cannot be asked.</exception>
    public static TextAffinity Open(string run, CaptionDirections directions = CaptionDirections.Both)
    {
        TorchLibrary.EnsureLoaded();
        var folder = ModelFolder.Find(run);
        switch (ModelFolder.ReadCard(folder).Objective)
        {
            case null:
                var captioning = ModelFolder.Read(folder);
                return new CaptionLikelihood(captioning.Model, captioning.Vocabulary, captioning.Card, folder, directions);
            case ModelFolder.Contrastive:
                var contrastive = ModelFolder.ReadContrastive(folder);
                return new PromptCosine(contrastive.Model, contrastive.Vocabulary, contrastive.Card, folder);
            case var objective:
                throw new UserErrorException(
                    $"The model in {folder} is one of objective {objective}, which does not say how well a text goes with a radiograph. Expected "
                        + "captioning or contrastive.");
        }
    }

    /// <summary>Texts against radiographs: a row a radiograph, a column a text; higher goes better.</summary>
    /// <param name="images">Views of the model's input.</param>
    /// <param name="radiographs">Rows of the dataset.</param>
    /// <param name="texts">At least one word each.</param>
    /// <param name="batchSize">Radiographs at a time.</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="cancellation">Stops between batches.</param>
    internal double[][] Measure(
        RadiographBatches images, IReadOnlyList<int> radiographs, IReadOnlyList<string> texts, int batchSize,
        IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        using var _ = no_grad();
        Module.eval();
        int[][] tokens = [.. texts.Select(Tokenizer.Encode)];
        var rows = new List<double[]>(radiographs.Count);
        foreach (var batch in radiographs.Chunk(batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            rows.AddRange(Measure(images.CentreViews(batch), tokens));
            progress?.Report(new("asking", rows.Count, radiographs.Count, "radiographs"));
        }
        return [.. rows];
    }

    /// <summary>
    /// How much more a radiograph's row goes with the statements of a finding than with their denials, each text first corrected by what it has with
    /// the radiographs of other patients.
    /// </summary>
    /// <param name="affinities">[radiographs][texts].</param>
    /// <param name="patients">A number a radiograph.</param>
    /// <param name="present">Columns of the statements.</param>
    /// <param name="absent">Columns of the denials.</param>
    internal double[] Scores(double[][] affinities, IReadOnlyList<int> patients, IReadOnlyList<int> present, IReadOnlyList<int> absent)
    {
        var statements = present.Select(t => Corrected([.. affinities.Select(row => row[t])], patients)).ToArray();
        var denials = absent.Select(t => Corrected([.. affinities.Select(row => row[t])], patients)).ToArray();
        return [.. Enumerable.Range(0, affinities.Length)
            .Select(i => Mean([.. statements.Select(s => s[i])]) - Mean([.. denials.Select(d => d[i])]))];
    }

    /// <summary>Each value less the mean over the radiographs of other patients: all ways of shuffling the pictures at once.</summary>
    internal static double[] Corrected(double[] values, IReadOnlyList<int> patients)
    {
        double sum = values.Sum();
        var own = values.Zip(patients).GroupBy(p => p.Second).ToDictionary(g => g.Key, g => (Sum: g.Sum(p => p.First), Count: g.Count()));
        return [.. values.Select((value, i) =>
        {
            var (ownSum, count) = own[patients[i]];
            return count == values.Length ? value - sum / count : value - (sum - ownSum) / (values.Length - count);
        })];
    }

    public void Dispose()
    {
        Module.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract double[][] Measure(Tensor images, int[][] texts);

    /// <summary>One figure of a finding's templates.</summary>
    private protected abstract double Mean(double[] templates);
}
