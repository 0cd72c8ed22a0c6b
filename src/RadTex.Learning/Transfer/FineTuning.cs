using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Learning.Native;
using RadTex.Studies;

namespace RadTex.Learning.Transfer;

/// <summary>
/// Fine-tuning from datasets to files: for every task, number of examples and trial a whole network, encoder and linear layer, is
/// trained and tested. Draws are those of <see cref="FrozenTransfer"/> for the same seed, so that comparisons are paired.
/// </summary>
/// <remarks>Killed at any point, the same call goes on where it stopped and ends with the same <c>metrics.json</c>, byte for byte (same threads,
/// CPU).</remarks>
public static class FineTuning
{
    /// <summary>Trains and tests all networks.</summary>
    /// <param name="encoder">The encoder trial i (from 0) starts from, each call a fresh one of the same form; owned here. For the paper's trials:
    /// the i-th pretraining, or random weights of an i-th seed.</param>
    /// <param name="train">Labels are drawn from it.</param>
    /// <param name="test">Tested on; may be the same dataset.</param>
    /// <param name="options">What to run and where to write.</param>
    /// <param name="progress">Counts radiographs trained on.</param>
    /// <param name="cancellation">Stops between updates.</param>
    /// <exception cref="UserErrorException">See <see cref="TransferSweep.Run"/>; or the folder holds another sweep, or there is nothing to choose a
    /// recipe on.</exception>
    public static TransferResult Run(
        Func<int, EncoderSource> encoder, PreparedDataset train, PreparedDataset test, FineTuningOptions options,
        IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        TorchLibrary.EnsureLoaded();
        var plan = options.CheckedPlan();
        using var claim = OutputFolder.Open(options.Output, FolderKind.Transfer);
        return claim.Do(() => Run(claim, encoder, train, test, options, plan, progress, cancellation));
    }

    private static TransferResult Run(
        OutputFolder claim, Func<int, EncoderSource> encoder, PreparedDataset train, PreparedDataset test, FineTuningOptions options,
        TransferPlan plan,
        IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var (trainPool, testPool) = options.Pools ?? (FrozenTransfer.Pool(train, options.TrainSplit), FrozenTransfer.Pool(test, options.TestSplit));
        TaskData[] works = [.. plan.Tasks.Select(task => TaskData.Of(trainPool, train.LabelNames, testPool, test.LabelNames, task, plan))];
        var validation = options.Candidates is null ? null : ValidationData.Of(train, trainPool, testPool, options, plan);
        var starts = new List<EncoderSource>();
        try
        {
            for (int trial = plan.FirstTrial; trial < plan.FirstTrial + plan.Trials; trial++)
                starts.Add(Start(encoder, trial, starts.FirstOrDefault()));
            int[] tested = [.. works.SelectMany(w => w.Test.Rows).Distinct().Select(r => testPool[r].Index)];
            string[] checkedStarts = [.. starts.Where(s => !s.IsRandom).DistinctBy(s => s.Name)
                .Select(s => $"{SeenCheck.Require(s.Name, s.Seen, test, tested, options.EncoderPatientsDiffer)}.")];
            var drawn = TransferSweep.RowsNeeded(trainPool, train.LabelNames, testPool, test.LabelNames, plan).Train.Select(r => trainPool[r].Index);
            int[] learnt = [.. drawn.Concat(validation?.Indices.SelectMany(i => i) ?? []).Distinct()];
            // A sweep looks once for all its jobs.
            string[] pictures = options.IsShared
                ? []
                : [PictureLeaks.Require(train, learnt, test, tested, "training", cancellation: cancellation).Words];
            var identity = Identity(starts[0], train, trainPool, test, testPool, plan, options);
            using var journal = TransferJournal.Open(Path.Combine(options.Output, TransferLayout.Journal), identity);
            if (!options.IsShared) journal.RequireWithin(plan);
            using var scores = options.Candidates is null
                ? null
                : LineJournal<RecipeScore>.Open(Path.Combine(options.Output, TransferLayout.ChoiceJournal), identity, identity.DifferenceFrom);
            var sweep = new FineTuningSweep(starts, train, trainPool, test, testPool, works, validation, plan, options, journal, scores)
            {
                Identity = identity,
            };
            var result = sweep.Run(progress, cancellation);
            result = result with
            {
                Identity = identity,
                Notes = [.. result.Notes, .. checkedStarts, .. pictures, .. sweep.Kept(), .. TransferNotes.Preparations(train, test)],
            };
            if (!options.IsShared)
                result = result.WithViewOnly(ViewFeatures.Reached(trainPool, train.LabelNames, testPool, test.LabelNames, plan, cancellation));
            claim.RequireThere(); // before the first file that would make the folder anew
            TransferFiles.AddSeen(options.Output, SeenRadiographs.Of(train, learnt, SeenRadiographs.Labels));
            TransferFiles.Write(options.Output, result, testPool, test.LabelNames, plan, identity, (trial, _) => trial.FineTuned!.Probabilities);
            return result;
        }
        finally
        {
            foreach (var start in starts) start.Dispose();
        }
    }

    private static EncoderSource Start(Func<int, EncoderSource> encoder, int trial, EncoderSource? first)
    {
        var start = encoder(trial);
        if (start.IsMeasured)
            throw new ArgumentException($"{start.Name} is made to be used frozen; training begins at fresh weights", nameof(encoder));
        // Name, hash and provenance may differ from trial to trial, the network may not.
        if (first is null || start.Card with { Provenance = first.Card.Provenance, WeightsSha256 = first.Card.WeightsSha256 } == first.Card)
            return start;
        start.Dispose();
        throw new UserErrorException(
            $"{start.Name} is another network than {first.Name}: {start.Card.Architecture}, width {start.Card.Width}, "
                + $"{start.Card.ImageSize} px. Expected {first.Card.Architecture}, width {first.Card.Width}, " + $"{first.Card.ImageSize} px.");
    }

    private static TransferIdentity Identity(
        EncoderSource start, PreparedDataset train, PreparedRadiograph[] trainPool, PreparedDataset test, PreparedRadiograph[] testPool,
        TransferPlan plan, FineTuningOptions options)
    {
        var extractor = new FeatureExtractor(start, options.Precision, options.Device, options.EvaluationBatch);
        var trained = extractor.Describe(train, [.. trainPool.Select(r => r.Index)], new View(0, options.Augmentation ?? new(), plan.Seed));
        var tested = extractor.Describe(test, [.. testPool.Select(r => r.Index)]);
        var choice = options.Candidates is { } candidates
            ? $"a choice on split {options.ValidationSplit.Name()} among {string.Join(" | ", candidates)}"
            : null;
        return new(
            "fine-tune", trained, tested, plan.Seed, plan.Smallest ?? 0, 0, options.Practical is null ? plan.Recipe : null, choice,
            Practical: options.Practical);
    }
}
