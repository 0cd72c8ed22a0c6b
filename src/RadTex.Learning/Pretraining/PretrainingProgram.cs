using RadTex.Data;
using RadTex.Gating;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Training;
using RadTex.Prediction;
using RadTex.Text;

namespace RadTex.Learning.Pretraining;

/// <summary>From a prepared dataset to a run with an encoder: vocabulary, tokens, training, and what is left for others to use.</summary>
public static class PretrainingProgram
{
    private const string VocabularyName = "vocab.txt";

    /// <summary>Runs a pretraining, or goes on with one that was interrupted. One that is complete is left and reported.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="say">Told in lines what is done and found; null for nobody.</param>
    /// <param name="progress">Told about the stages "reading", "joining" and "pretraining".</param>
    /// <param name="cancellation">Ends the run after the update it is at, with a checkpoint.</param>
    /// <exception cref="UserErrorException">The inputs do not fit each other or the run, the loss is no number, or the disk is full.</exception>
    public static PretrainingResult Run(
        PretrainingOptions options, Action<string>? say = null, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        say ??= _ => { };
        var (device, configuration) = options.Begin();
        using var dataset = PreparedDataset.Open(options.Dataset);
        if (dataset.Manifest.Synthetic) say("The radiographs are synthetic.");
        var vocabulary = FindVocabulary(options, dataset, say, progress, cancellation);
        var inputs = new RunInputs(options.Dataset, dataset.Hash, dataset.Manifest.Synthetic, vocabulary.Sha256);
        var (opened, complete) = options.OpenRun(configuration, configuration.Log, inputs, say);
        using var run = opened;
        if (run is not null) vocabulary.Save(run.File(VocabularyName));
        if (complete is not null) return complete;
        var tokens = CaptionTokens.Make(
            dataset, new ReportTokenizer(vocabulary, configuration.Text.MaxTokens, configuration.Text.KeepEnd), cancellation);
        say(tokens.Statistics.ToString());
        using var task = new CaptioningTask(
            configuration, dataset, tokens, CaptioningTask.CreateModel(configuration, configuration.ForVocabulary(vocabulary), device), device);
        var outcome = TrainingLoop.Run(task, configuration.Loop, run, progress, options.Group, cancellation);
        return PretrainingResult.Share(
            run is null ? null : WriteResult(run, dataset, vocabulary, configuration, task, outcome, task.TrainingRadiographs),
            options.Output, options.Group)!;
    }

    private static WordPieceVocabulary FindVocabulary(
        PretrainingOptions options, PreparedDataset dataset, Action<string> say, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var text = options.Configuration.Text;
        var kept = Path.Combine(options.Output, VocabularyName);
        WordPieceVocabulary vocabulary;
        if (options.Vocabulary is { } file) vocabulary = WordPieceVocabulary.Load(file);
        else if (File.Exists(kept)) vocabulary = WordPieceVocabulary.Load(kept);
        else if (text.Vocabulary == "scibert")
            throw new UserErrorException(
                $"The preset {options.Configuration.Preset} reads reports with SciBERT's vocabulary: name its vocab.txt with "
                    + "--vocabulary, or take another one with --set text.vocabulary=any.");
        else
        {
            vocabulary = VocabularyBuilder
                .Build(CaptionCorpus.Read(dataset.Folder), text.VocabularySize, text.VocabularyMinFrequency, progress, cancellation);
            say($"No --vocabulary was given: built one of {vocabulary.Count:N0} pieces from the training split's reports.");
        }
        if (text.Vocabulary == "scibert" && !vocabulary.IsSciBert)
            throw new UserErrorException(
                $"{options.Vocabulary ?? kept} is not SciBERT's vocabulary ({vocabulary.Count:N0} pieces, expected 31,090; "
                    + $"SHA-256 {vocabulary.Sha256}). Name scibert_scivocab_uncased's vocab.txt, or allow others with --set "
                    + "text.vocabulary=any.");
        return vocabulary;
    }

    private static PretrainingResult WriteResult(
        RunFolder run, PreparedDataset dataset, WordPieceVocabulary vocabulary, PretrainingConfiguration configuration, CaptioningTask task,
        TrainingOutcome outcome, int trainingRadiographs)
    {
        var (model, image) = (task.Captioner, configuration.Image);
        double epochs = (double)outcome.Steps / task.Sampler.BatchesPerEpoch;
        var intensity = dataset.Manifest.Intensity;
        var kind = dataset.Manifest.Synthetic ? "synthetic radiographs" : "radiographs";
        var provenance = $"pretrained by RadTex, preset {configuration.Preset}, seed {configuration.Training.Seed}: {epochs:0.##} epochs "
            + $"({outcome.Steps:N0} updates) on {trainingRadiographs:N0} {kind} with reports, dataset {dataset.Hash}";
        var card = ModelFolder.Write(
            run.File("model"), model, vocabulary,
            new(model.Configuration, image.Size, image.Scaling, "", provenance, dataset.Manifest.Synthetic, "", intensity, dataset.ShortSide));
        var encoder = EncoderFolder.Write(run.File("encoder"), model.Encoder, new(
            model.Configuration.Backbone, model.Configuration.BackboneWidth, model.Configuration.Channels, image.Size, image.Scaling,
            EncoderCard.PolarityOf(intensity), 0, provenance, dataset.Manifest.Synthetic, "", intensity, dataset.ShortSide),
            SeenRadiographs.OfPretraining(dataset));
        if (EncoderLikeness.Measure(model.Encoder, dataset, task.TrainingIndices, configuration.Input) is { } sample)
        {
            TrainingLikeness? Learn(string weights) => TrainingLikeness.Learn(sample, EncoderLikeness.SourceOf(dataset), weights);
            LikenessFile.Write(run.File("model"), Learn(card.WeightsSha256));
            LikenessFile.Write(run.File("encoder"), Learn(encoder.WeightsSha256));
        }
        var validation = outcome.Validation.Count > 0 ? outcome.Validation.ToDictionary(v => v.Name, v => v.Value) : LastValidation(run);
        return new PretrainingResult(
            card.WeightsSha256, outcome.Steps, epochs, outcome.ElapsedSeconds, trainingRadiographs, validation,
            dataset.Manifest.Synthetic).Write(run);
    }

    // A run killed between its last checkpoint and its result has validated already.
    private static Dictionary<string, double> LastValidation(RunFolder run) =>
        TrainingLog.Read(RunFolder.LogPath(run.Path)).LastOrDefault(line => line.Kind == "validation")?.Values.ToDictionary() ?? [];
}
