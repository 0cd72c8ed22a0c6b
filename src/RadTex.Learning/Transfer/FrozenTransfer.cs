using RadTex.Data;
using RadTex.Files;
using RadTex.Heads;
using RadTex.Inspection;

namespace RadTex.Learning.Transfer;

/// <summary>Frozen transfer from datasets to files: one encoder pass over the radiographs that will be needed, then the sweep.</summary>
/// <remarks>Killed at any point, the same call goes on where it stopped and ends with the same <c>metrics.json</c>, byte for byte.</remarks>
public static class FrozenTransfer
{
    /// <summary>The folder of features inside the output; it may be deleted when the sweep is done.</summary>
    public const string FeaturesFolder = "features";

    /// <summary>Computes features once and trains every head of the plan on them; the same call goes on where an interrupted one stopped.</summary>
    /// <param name="extractor">The encoder.</param>
    /// <param name="train">Labels are drawn from it.</param>
    /// <param name="test">Tested on; may be the same dataset.</param>
    /// <param name="options">What to run and where to write.</param>
    /// <param name="progress">Counts radiographs, then heads.</param>
    /// <param name="cancellation">Stops between batches and heads.</param>
    /// <exception cref="UserErrorException">See <see cref="TransferSweep.Run"/>; or the folder holds another sweep.</exception>
    public static TransferResult Run(
        FeatureExtractor extractor, PreparedDataset train, PreparedDataset test, FrozenTransferOptions options,
        IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        options = options.Validated();
        using var claim = OutputFolder.Open(options.Output, FolderKind.Transfer);
        return claim.Do(() => Run(
            claim, extractor, new(DatasetPool.Of(train, options.TrainSplit), DatasetPool.Of(test, options.TestSplit)), options, progress,
            cancellation));
    }

    private static TransferResult Run(
        OutputFolder claim, FeatureExtractor extractor, TransferPools pools, FrozenTransferOptions options, IProgress<ProgressReport>? progress,
        CancellationToken cancellation)
    {
        var (plan, source) = (options.Plan, extractor.Source);
        var (train, test) = (pools.Train.Dataset, pools.Test.Dataset);
        var needed = TransferSweep.RowsNeeded(pools.Train, pools.Test, plan);
        int[] drawn = pools.Train.IndicesOf(needed.Train), tested = pools.Test.IndicesOf(needed.Test);
        source.MeasureOn(train, pools.Train.Indices);
        var checkedEncoder = SeenCheck.Require(source.Name, source.Seen, test, tested, options.EncoderPatientsDiffer);
        var (pictures, _) = PictureLeaks.Require(train, drawn, test, tested, "training", progress, cancellation);
        var identity = Identity(extractor, pools, options);
        using var journal = TransferJournal.Open(Path.Combine(options.Output, TransferLayout.Journal), identity);
        journal.RequireWithin(plan);

        RadiographFeatures Extract(PreparedDataset dataset, int[] indices, View? view)
        {
            claim.RequireThere();
            var ids = FeatureCard.HashOf(indices.Select(i => dataset[i].ImageId));
            var name = $"{ids[..12]}-{(view is null ? View.Centre : $"view{view.Index}")}";
            return extractor.Extract(dataset, indices, Path.Combine(options.Output, FeaturesFolder, name), view, progress, cancellation);
        }
        var learnt = Extract(train, drawn, null);
        RadiographFeatures[] views = [.. Enumerable.Range(0, plan.Heads.Contains(HeadKind.Paper) ? options.Views : 0)
            .Select(v => Extract(train, drawn, options.ViewOf(v)).Within(pools.Train.Radiographs))];
        var testFeatures = Extract(test, tested, null).Within(pools.Test.Radiographs);

        var result = TransferSweep.Run(learnt.Within(pools.Train.Radiographs), testFeatures, plan, views, journal, progress, cancellation);
        claim.RequireThere(); // before the first file that would make the folder anew
        var encoderNote = source.IsRandom ? $"{source.Name}: all scales are 1, and the weights are random" : checkedEncoder;
        result = result with
        {
            Notes =
            [
                .. result.Notes, $"{encoderNote}.", pictures, .. TransferNotes.Preparations(train, test),
                TransferLikeness.Keep(options.Output, source, train, learnt),
            ],
        };
        result = result.WithViewOnly(ViewFeatures.Reached(pools.Train, pools.Test, plan, cancellation));
        claim.RequireThere();
        TransferFiles.AddSeen(options.Output, SeenRadiographs.Of(train, drawn, SeenRadiographs.Labels));
        TransferFiles.Write(options.Output, result, testFeatures, plan, identity);
        return result;
    }

    private static TransferIdentity Identity(FeatureExtractor extractor, TransferPools pools, FrozenTransferOptions options)
    {
        var plan = options.Plan;
        return new(
            "frozen", extractor.Describe(pools.Train.Dataset, pools.Train.Indices, options.Views > 0 ? options.ViewOf(0) : null),
            extractor.Describe(pools.Test.Dataset, pools.Test.Indices), plan.Seed, plan.Smallest ?? 0, options.Views, plan.Recipe,
            Threshold: plan.Sensitivity is { } s ? HeadThreshold.SensitivityRule(s) : null);
    }
}
