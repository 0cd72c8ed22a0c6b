using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Studies;

namespace RadTex.Learning.Transfer;

/// <summary>Frozen transfer from datasets to files: one encoder pass over the radiographs that will be needed, then the sweep.</summary>
/// <remarks>Killed at any point, the same call goes on where it stopped and ends with the same <c>metrics.json</c>, byte for byte.</remarks>
public static class FrozenTransfer
{
    /// <summary>The folder of features inside the output; it may be deleted when the sweep is done.</summary>
    public const string FeaturesFolder = "features";

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
        var plan = options.Plan.Validated();
        using var claim = OutputFolder.Open(options.Output, FolderKind.Transfer);
        return claim.Do(() => Run(claim, extractor, train, test, options, plan, progress, cancellation));
    }

    private static TransferResult Run(
        OutputFolder claim, FeatureExtractor extractor, PreparedDataset train, PreparedDataset test, FrozenTransferOptions options, TransferPlan plan,
        IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        if (options.Views is < 0 or > 1000) throw new UserErrorException($"{options.Views} views: expected 0 to 1,000.");
        var (trainPool, testPool) = (Pool(train, options.TrainSplit), Pool(test, options.TestSplit));
        var (trainRows, testRows) = TransferSweep.RowsNeeded(trainPool, train.LabelNames, testPool, test.LabelNames, plan);
        View Augmented(int index) => new(index, options.Augmentation ?? new AffineAugmentation(), plan.Seed);
        int[] trainIndices = [.. trainRows.Select(r => trainPool[r].Index)], testIndices = [.. testRows.Select(r => testPool[r].Index)];
        extractor.Source.MeasureOn(train, [.. trainPool.Select(r => r.Index)]);
        var checkedEncoder = SeenCheck.Require(extractor.Source.Name, extractor.Source.Seen, test, testIndices, options.EncoderPatientsDiffer);
        var (pictures, _) = PictureLeaks.Require(train, trainIndices, test, testIndices, "training", progress, cancellation);
        var identity = new TransferIdentity(
            "frozen", extractor.Describe(train, [.. trainPool.Select(r => r.Index)], options.Views > 0 ? Augmented(0) : null),
            extractor.Describe(test, [.. testPool.Select(r => r.Index)]),
            plan.Seed, plan.Smallest ?? 0, options.Views, plan.Recipe,
            Threshold: plan.Sensitivity is { } s ? HeadThreshold.SensitivityRule(s) : null);

        using var journal = TransferJournal.Open(Path.Combine(options.Output, TransferLayout.Journal), identity);
        journal.RequireWithin(plan);
        RadiographFeatures Extract(PreparedDataset dataset, int[] indices, int? view)
        {
            claim.RequireThere();
            var (ids, seen) = (FeatureCard.HashOf(indices.Select(i => dataset[i].ImageId)), view is { } index ? Augmented(index) : null);
            var folder = Path.Combine(options.Output, FeaturesFolder, $"{ids[..12]}-{(view is { } k ? $"view{k}" : "centre")}");
            return extractor.Extract(dataset, indices, folder, seen, progress, cancellation);
        }
        var learnt = Extract(train, trainIndices, null);
        var features = new List<RadiographFeatures> { learnt.Within(trainPool) };
        var augmented = plan.Heads.Contains(HeadKind.Paper)
            ? Enumerable.Range(0, options.Views).Select(v => Extract(train, trainIndices, v).Within(trainPool)).ToList() : [];
        var tested = Extract(test, testIndices, null).Within(testPool);

        var result = TransferSweep.Run(features[0], tested, plan, augmented, journal, progress, cancellation);
        claim.RequireThere(); // before the first file that would make the folder anew
        var encoderNote = extractor.Source.IsRandom ? $"{extractor.Source.Name}: all scales are 1, and the weights are random" : checkedEncoder;
        result = result with { Notes = [.. result.Notes, $"{encoderNote}.", pictures] };
        result = result with
        {
            Notes =
                [.. result.Notes, .. TransferNotes.Preparations(train, test), TransferLikeness.Keep(options.Output, extractor.Source, train, learnt)],
        };
        result = result.WithViewOnly(ViewFeatures.Reached(trainPool, train.LabelNames, testPool, test.LabelNames, plan, cancellation));
        claim.RequireThere();
        TransferFiles.AddSeen(options.Output, SeenRadiographs.Of(train, trainIndices, SeenRadiographs.Labels));
        TransferFiles.Write(options.Output, result, tested, plan, identity);
        return result;
    }

    /// <summary>The radiographs of a split; null for all.</summary>
    internal static PreparedRadiograph[] Pool(PreparedDataset dataset, Split? split)
    {
        PreparedRadiograph[] pool = [.. dataset.Radiographs.Where(r => split is null || r.Split == split)];
        return pool.Length > 0 ? pool : throw new UserErrorException(
            $"{dataset.Folder} has no radiographs of split {split!.Value.Name()}. Choose another split.");
    }
}
