using RadTex.Data;
using RadTex.Gating;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Decoding;
using RadTex.Learning.Native;
using RadTex.Learning.Pretraining;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Reading;

/// <summary>A trained captioning model that writes the findings of radiographs and tells what it looked at.</summary>
public sealed class RadiographReader : IDisposable
{
    private const int OcclusionCells = 8;

    private readonly WordPieceVocabulary vocabulary;
    private readonly TrainingLikeness? likeness;

    private RadiographReader(RadTexModel model, WordPieceVocabulary vocabulary, ModelCard card, TrainingLikeness? likeness)
    {
        (Model, this.vocabulary, Card, this.likeness) = (model, vocabulary, card, likeness);
        Gate = new(likeness, ImageIntensities.Parse(card.Preparation().Intensity));
        Input = new(card.ImageSize, card.Model.Channels, IntensityScalings.Parse(card.Scaling));
        Tokenizer = new(vocabulary, card.Model.MaxTokens);
    }

    /// <summary>The captioning model; owned by the reader.</summary>
    public RadTexModel Model { get; }

    /// <summary>What the model's folder says of it: sizes, scaling, origin, hashes.</summary>
    public ModelCard Card { get; }

    /// <summary>How a picture's bytes become the model's input, [C, S, S] float32.</summary>
    public RadiographInput Input { get; }

    /// <summary>From a report to the model's tokens and back.</summary>
    public ReportTokenizer Tokenizer { get; }

    /// <summary>Which pictures it is not to read.</summary>
    public RadiographGate Gate { get; }

    /// <summary>Opens a run of <c>radtex pretrain</c>, or the model's own folder.</summary>
    /// <exception cref="UserErrorException">There is no model, only an encoder, or its parts do not fit each other.</exception>
    public static RadiographReader Open(string run)
    {
        TorchLibrary.EnsureLoaded();
        var folder = ModelFolder.Find(run);
        var (model, vocabulary, card) = ModelFolder.Read(folder);
        try { return new(model, vocabulary, card, LikenessFile.Read(folder, card.WeightsSha256)); }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Asks the gate about radiographs, a batch at a time.</summary>
    /// <param name="images">Those to be read.</param>
    /// <param name="batchSize">Radiographs encoded at once.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>Why each is not to be read; null for those that are.</returns>
    public IReadOnlyList<Refusal?> Check(IReadOnlyList<ReadingImage> images, int batchSize = 16, CancellationToken cancellation = default)
    {
        var refusals = new List<Refusal?>();
        foreach (var batch in images.Chunk(batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            GatedPicture[] looked = [.. batch.Select(image => Gate.Look(image.Pixels.Span, image.Height, image.Width, image.Stated))];
            if (likeness is null) refusals.AddRange(looked.Select(l => l.Refusal));
            else
            {
                float[] features = Pool(batch); // [B, F]
                int width = features.Length / batch.Length;
                refusals.AddRange(looked.Select((l, i) => Gate.Check(l, features.AsSpan(i * width, width))));
            }
        }
        return refusals;
    }

    /// <summary>Reads radiographs, a batch at a time.</summary>
    /// <param name="images">At least one.</param>
    /// <param name="decoding">How captions are chosen.</param>
    /// <param name="map">What each word's map shows.</param>
    /// <param name="batchSize">Radiographs read at once.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public IEnumerable<ReadReport> Read(
        IReadOnlyList<ReadingImage> images, IDecoding decoding, MapKind map = MapKind.Attention, int batchSize = 16,
        CancellationToken cancellation = default)
    {
        foreach (var batch in images.Chunk(batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var report in ReadBatch(batch, decoding, map)) yield return report;
        }
    }

    /// <summary>The model's input of radiographs, [B, C, S, S].</summary>
    public Tensor Batch(IReadOnlyList<ReadingImage> images)
    {
        var values = new float[images.Count * Input.Length];
        for (int i = 0; i < images.Count; i++)
            Input.Fill(
                images[i].Pixels.Span, images[i].Height, images[i].Width, AffineMap.Identity, Interpolation.Bilinear,
                values.AsSpan(i * Input.Length, Input.Length));
        return tensor(values, [images.Count, Input.Channels, Input.ImageSize, Input.ImageSize]);
    }

    /// <summary>The attention that predicts each token of a caption after its first, a row of patches each.</summary>
    /// <param name="patches">One image's [1, P, D].</param>
    /// <param name="tokens">Start token first.</param>
    public float[][] Attention(Tensor patches, IReadOnlyList<int> tokens)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var caption = CaptionBatch.Pack([tokens]);
        int P = (int)patches.shape[1];
        return [.. Model.PatchWeights(patches, caption).to(ScalarType.Float32).data<float>().ToArray().Chunk(P)];
    }

    /// <summary>
    /// The same model with fresh weights: whatever its maps still show was not learnt. The encoder's norms are measured on training radiographs,
    /// since as training begins them most convolutions tell nothing.
    /// </summary>
    /// <param name="seed">Of the weights and of the radiographs measured on.</param>
    /// <param name="dataset">Where those are.</param>
    /// <param name="trainRows">None of what is scored.</param>
    internal RadiographReader WithFreshWeights(long seed, PreparedDataset dataset, IReadOnlyList<int> trainRows)
    {
        using var generator = new Generator((ulong)seed);
        var fresh = new RadTexModel(Model.Configuration, generator: generator);
        NormStatistics.Measure(fresh.Encoder, dataset, NormStatistics.Draw(trainRows, seed), Input);
        fresh.eval();
        return new(fresh, vocabulary, Card, null);
    }

    /// <summary>Releases the model.</summary>
    public void Dispose() => Model.Dispose();

    private float[] Pool(ReadingImage[] images)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return Model.Encoder.Pool(Batch(images)).to(ScalarType.Float32).data<float>().ToArray();
    }

    private List<ReadReport> ReadBatch(ReadingImage[] images, IDecoding decoding, MapKind map)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var input = Batch(images);
        var features = Model.Encode(input);
        var captions = decoding.Decode(Model, features);
        return [.. images.Select((image, i) =>
        {
            var caption = captions[i];
            var words = Detokenizer.Words(vocabulary, [.. caption.Tokens]);
            var maps = Maps(map, input.narrow(0, i, 1), features.narrow(0, i, 1), [Model.Configuration.StartToken, .. caption.Tokens], words);
            return new ReadReport(
                image, View(input[i][0]), Input.ImageSize, Detokenizer.Join(words), caption.LogProbability,
                caption.Tokens.Count > 0 && caption.Tokens[^1] == Model.Configuration.EndToken,
                [.. words.Zip(maps, (word, values) => new ReadWord(
                    word.Text, word.SpaceBefore, Math.Exp(caption.TokenLogProbabilities.Skip(word.FirstToken).Take(word.Tokens).Sum()), values))],
                maps.Length == 0 ? 0 : (int)Math.Round(Math.Sqrt(maps[0].Length)));
        })];
    }

    // A map a word; words' places count from the first token after the start.
    private float[][] Maps(MapKind kind, Tensor image, Tensor features, int[] tokens, IReadOnlyList<TextWord> words)
    {
        using var scope = NewDisposeScope();
        if (words.Count == 0) return [];
        float[] OfPieces(float[][] pieces, TextWord word) => PatchMaps.Mean([.. pieces.Skip(word.FirstToken).Take(word.Tokens)]);
        switch (kind)
        {
            case MapKind.GradCam:
                return [.. words.Select(word => Explanations.GradCam(
                    features, leaf =>
                        Explanations.SumOf(Explanations.TokenScores(Model, leaf, tokens), [.. Enumerable.Range(word.FirstToken + 1, word.Tokens)])))];
            case MapKind.LayerCam:
                return Explanations.LayerCam(
                    Model, image, tokens, [.. words.Select(word => (int[])[.. Enumerable.Range(word.FirstToken + 1, word.Tokens)])]);
            case MapKind.Occlusion:
                var falls = Explanations.Occlusion(image, images => Explanations.TokenScores(Model, Model.Encode(images), tokens), OcclusionCells);
                return [.. words.Select(word => OfPieces(falls, word))];
            default:
                var attention = Attention(Model.Textual.Project(features), tokens);
                if (kind == MapKind.RollOut) attention = Explanations.RollOut(Model.Encoder, image, attention);
                return [.. words.Select(word => OfPieces(attention, word))];
        }
    }

    private static byte[] View(Tensor plane)
    {
        using var scope = NewDisposeScope();
        var shifted = plane - plane.min();
        return (shifted / shifted.max().clamp_min(Scalars.Of(1e-6))).mul(Scalars.Of(255)).to(ScalarType.Byte).data<byte>().ToArray();
    }
}
