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
        options = options.Validated();
        using var claim = OutputFolder.Open(options.Output, FolderKind.Transfer);
        return claim.Do(() =>
        {
            var pools = options.Pools ?? new(DatasetPool.Of(train, options.TrainSplit), DatasetPool.Of(test, options.TestSplit));
            return Run(claim, encoder, pools, options, progress, cancellation);
        });
    }

    private static TransferResult Run(
        OutputFolder claim, Func<int, EncoderSource> encoder, TransferPools pools, FineTuningOptions options, IProgress<ProgressReport>? progress,
        CancellationToken cancellation)
    {
        var plan = options.Plan;
        var tasks = pools.Tasks(plan);
        var validation = options.Candidates is null ? null : ValidationData.Of(pools, options);
        var starts = new List<EncoderSource>();
        try
        {
            for (int trial = plan.FirstTrial; trial < plan.FirstTrial + plan.Trials; trial++)
            {
                starts.Add(Start(encoder, trial, starts.FirstOrDefault()));
                if (starts[^1] is { Encoder.IsFrozen: true, Name: var name })
                    throw new UserErrorException($"{name} is a graph of others and cannot be trained. Use it frozen, or take an encoder of weights.");
            }
            var inputs = new FineTuningInputs(starts, pools, tasks, validation, options, Identity(starts[0], pools, options));
            int[] learnt = Learnt(inputs);
            string[] checks = [.. RequireTestUnseen(inputs, learnt, cancellation)];
            var result = RunNetworks(inputs, checks, progress, cancellation);
            if (!options.IsShared) result = result.WithViewOnly(ViewFeatures.Reached(pools.Train, pools.Test, plan, cancellation));
            claim.RequireThere(); // before the first file that would make the folder anew
            TransferFiles.AddSeen(options.Output, SeenRadiographs.Of(pools.Train.Dataset, learnt, SeenRadiographs.Labels));
            TransferFiles.Write(options.Output, result, pools.Test, plan, inputs.Identity, (trial, _) => trial.FineTuned!.Probabilities);
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

    /// <summary>The trials, with all that a reader must know of them.</summary>
    private static TransferResult RunNetworks(
        FineTuningInputs inputs, string[] checks, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var (options, identity) = (inputs.Options, inputs.Identity);
        using var journal = TransferJournal.Open(Path.Combine(options.Output, TransferLayout.Journal), identity);
        if (!options.IsShared) journal.RequireWithin(inputs.Plan);
        using var scores = inputs.Validation is null
            ? null
            : LineJournal<RecipeScore>.Open(Path.Combine(options.Output, TransferLayout.ChoiceJournal), identity, identity.DifferenceFrom);
        var sweep = new FineTuningSweep(inputs, journal, scores is null ? null : new(inputs, scores));
        var result = sweep.Run(progress, cancellation);
        var preparations = TransferNotes.Preparations(inputs.Pools.Train.Dataset, inputs.Pools.Test.Dataset);
        return result with { Identity = identity, Notes = [.. result.Notes, .. checks, .. sweep.Kept(), .. preparations] };
    }

    /// <summary>The radiographs that networks learn from or that recipes are chosen on, as indices in the training dataset.</summary>
    private static int[] Learnt(FineTuningInputs inputs)
    {
        var drawn = TransferSweep.RowsNeeded(inputs.Pools.Train, inputs.Pools.Test, inputs.Plan).Train;
        return [.. inputs.Pools.Train.IndicesOf(drawn).Concat(inputs.Validation?.Indices.SelectMany(i => i) ?? []).Distinct()];
    }

    /// <summary>Requires that no encoder saw a test patient and that no test picture is learnt from; says what was checked.</summary>
    /// <exception cref="UserErrorException">One did, or one is.</exception>
    private static IEnumerable<string> RequireTestUnseen(FineTuningInputs inputs, int[] learnt, CancellationToken cancellation)
    {
        var (train, test) = (inputs.Pools.Train.Dataset, inputs.Pools.Test.Dataset);
        int[] tested = inputs.Pools.Test.IndicesOf(inputs.Tasks.SelectMany(t => t.Test.Rows).Distinct());
        foreach (var start in inputs.Starts.Where(s => !s.IsRandom).DistinctBy(s => s.Name))
            yield return $"{SeenCheck.Require(start.Name, start.Seen, test, tested, inputs.Options.EncoderPatientsDiffer)}.";
        // A sweep looks once for all its jobs.
        if (!inputs.Options.IsShared)
            yield return PictureLeaks.Require(train, learnt, test, tested, "training", cancellation: cancellation).Words;
    }

    private static TransferIdentity Identity(EncoderSource start, TransferPools pools, FineTuningOptions options)
    {
        var plan = options.Plan;
        var extractor = new FeatureExtractor(start, options.Compute);
        var view = new View(0, options.Augmentation ?? new(), plan.Seed);
        var choice = options.Candidates is { } candidates
            ? $"a choice on split {options.ValidationSplit.Name()} among {string.Join(" | ", candidates)}"
            : null;
        return new(
            "fine-tune", extractor.Describe(pools.Train.Dataset, pools.Train.Indices, view),
            extractor.Describe(pools.Test.Dataset, pools.Test.Indices), plan.Seed, plan.Smallest ?? 0, 0,
            options.Practical is null ? plan.Recipe : null, choice, Practical: options.Practical);
    }
}
