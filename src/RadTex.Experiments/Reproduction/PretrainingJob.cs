using System.Text.Json;
using RadTex.Data;
using RadTex.Experiments.Sweeps;
using RadTex.Files;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using RadTex.Studies;

namespace RadTex.Experiments.Reproduction;

/// <summary>One pretraining to run: a repeat of a named one on a dataset. Its folder bears a hash of all it depends on.</summary>
/// <param name="Key">Its name, such as "reports/findings/repeat-1".</param>
/// <param name="Options">What to run.</param>
public sealed record PretrainingJob(string Key, PretrainingOptions Options)
{
    /// <summary>Where the encoder lies when it is done.</summary>
    public string Encoder => Path.Combine(Options.Output, RunLayout.Encoder);

    /// <summary>A run writes its result last.</summary>
    public bool IsDone => File.Exists(Path.Combine(Options.Output, RunLayout.Result));

    /// <summary>What it came to; null where it is not done.</summary>
    internal PretrainingResult? Result() => JsonFile.ReadIfWhole<PretrainingResult>(Path.Combine(Options.Output, RunLayout.Result));

    /// <summary>Runs it, or goes on with it; nothing is done where it is complete.</summary>
    public PretrainingResult Run(Action<string>? log, IProgress<ProgressReport>? progress, CancellationToken cancellation) =>
        PretrainingProgram.Run(Options, log, progress, cancellation);

    /// <summary>As many updates as all training patients make, in as many epochs of the part as that takes; the schedule spans them.</summary>
    internal static PretrainingConfiguration WithUpdatesOfWhole(PretrainingConfiguration configuration, PreparedDataset dataset) =>
        WithUpdates(configuration, dataset, updatesOfWhole: true, 1);

    /// <summary>So many times the updates that its epochs make, in as many epochs as that takes; the schedule spans them.</summary>
    internal static PretrainingConfiguration WithTimesUpdates(PretrainingConfiguration configuration, PreparedDataset dataset, double times) =>
        WithUpdates(configuration, dataset, updatesOfWhole: false, times);

    private static PretrainingConfiguration WithUpdates(
        PretrainingConfiguration configuration, PreparedDataset dataset, bool updatesOfWhole, double times)
    {
        var training = configuration.Training;
        bool fromReports = configuration.Objective.ReadsReports;
        int[] whole = [.. dataset.IndicesOf(Split.Train).Where(i => fromReports ? dataset[i].Text is not null : dataset[i].Labels.Any(l => l >= 0))];
        long PerEpoch(IReadOnlyList<int> indices) => new EpochSampler(indices, training.BatchSize, training.Seed, training.DropLast).BatchesPerEpoch;
        long own = PerEpoch(PatientFraction.Take(dataset, whole, training.Fraction, training.Seed)),
            updates = training.Epochs * (updatesOfWhole ? PerEpoch(whole) : own);
        if (training.MaxSteps > 0) updates = Math.Min(updates, training.MaxSteps);
        updates = (long)Math.Round(updates * times);
        return configuration with { Training = training with { Epochs = (int)((updates + own - 1) / own), MaxSteps = updates } };
    }

    /// <summary>All repeats of a named pretraining on a dataset.</summary>
    /// <param name="name">The pretraining's.</param>
    /// <param name="settings">What it is.</param>
    /// <param name="datasetName">What the configuration calls its dataset.</param>
    /// <param name="dataset">The dataset's folder.</param>
    /// <param name="compute">Threads and device.</param>
    /// <param name="layout">Where runs go.</param>
    /// <param name="timesUpdates">Of equal time: how many times its epochs' updates it makes.</param>
    internal static IEnumerable<PretrainingJob> Of(
        string name, PretrainingSettings settings, string datasetName, string dataset, ReproductionCompute compute, ReproductionLayout layout,
        double timesUpdates = 1)
    {
        using var opened = PreparedDataset.Open(dataset);
        for (int repeat = 0; repeat < settings.Repeats; repeat++)
        {
            var configuration = settings.Configuration(repeat);
            if (settings.Updates == PartUpdates.AsWhole) configuration = WithUpdatesOfWhole(configuration, opened);
            if (settings.Updates == PartUpdates.AsSlowest) configuration = WithTimesUpdates(configuration, opened, timesUpdates);
            var hash = ProvenanceKey.Of([
                Hashed(configuration, settings), opened.Hash, settings.Labels, settings.Vocabulary is { } file ? FileHash.Sha256(file) : null,
                .. configuration.Training.ExactGradient ? Array.Empty<object?>() : ["training.exact_gradient=false"]]);
            yield return new(
                $"{name}/{datasetName}/repeat-{repeat + 1}",
                new(
                    dataset, layout.Pretraining($"{name}-{datasetName}-{repeat + 1}", hash), configuration, settings.Vocabulary,
                    compute.PretrainingThreads, compute.Device));
        }
    }

    // The form that versions without section objective hashed, so that a reproduction finds the pretrainings that are there.
    private static object Hashed(PretrainingConfiguration configuration, PretrainingSettings settings)
    {
        var training = configuration.Training;
        var directions = configuration.Objective switch
        {
            LabelsObjective when settings.Labels is not null => SettingFaults.Name(settings.Directions), // its labels are hashed beside
            CaptioningObjective captioning => SettingFaults.Name(captioning.Directions),
            var other => JsonSerializer.Serialize(other),
        };
        return new
        {
            configuration.Preset,
            configuration.Model,
            configuration.Image,
            configuration.Text,
            configuration.Optimizer,
            Training = new
            {
                training.Epochs,
                training.BatchSize,
                training.Groups,
                training.DropLast,
                training.Precision,
                training.Seed,
                training.MaxSteps,
                training.Fraction,
                Directions = directions,
            },
            Log = new LogSettings(),
        };
    }
}
