using System.Diagnostics;
using RadTex.Data;
using RadTex.Heads;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary>Features that heads are trained on.</summary>
/// <param name="Sha256">Of the encoder's weights.</param>
/// <param name="Train">Of the centre views, within the whole pool.</param>
/// <param name="Views">Of augmented ones.</param>
/// <param name="Test">Of what is tested on.</param>
/// <param name="Describe">The card of some radiographs, in an augmented view or the centre one.</param>
internal sealed record FrozenFeatures(
    string Sha256, RadiographFeatures Train, IReadOnlyList<RadiographFeatures> Views, RadiographFeatures Test,
    Func<IReadOnlyList<int>, View?, FeatureCard> Describe)
{
    /// <summary>One pass of an encoder over every radiograph that any task, number of labels or trial of the plans needs, a view each.</summary>
    internal static (FrozenFeatures Features, EncoderPass Pass) Extract(
        SweepData data, SweepInitialisation initialisation, EncoderSource encoder, IReadOnlyList<TransferPlan> plans, SweepContext context)
    {
        var options = context.Options;
        var extractor = new FeatureExtractor(encoder, options.Compute);
        RadiographFeatures Of(int[] indices, View? view) => extractor.Extract(
            data.Dataset, indices, SweepLayout.Features(options.Output, extractor.Describe(data.Dataset, indices, view)), view, context.Progress,
            context.Cancellation);
        var (train, test) = IndicesNeeded(data, plans);
        var clock = Stopwatch.StartNew();
        var centre = Of(train, null).Within(data.Train.Radiographs);
        RadiographFeatures[] views = [.. Enumerable.Range(0, initialisation.Heads.Contains(HeadKind.Paper) ? options.Views : 0)
            .Select(v => Of(train, options.ViewOf(v)).Within(data.Train.Radiographs))];
        var tested = Of(test, null).Within(data.Test.Radiographs);
        var pass = new EncoderPass(
            initialisation.Name, encoder.Name, train.Length + test.Length, 1 + views.Length, (long)train.Length * (1 + views.Length) + test.Length,
            extractor.EncodedImages, OneByOne(data, plans, options.Views), Math.Round(clock.Elapsed.TotalSeconds, 2));
        return (
            new(encoder.Card.WeightsSha256, centre, views, tested, (indices, view) => extractor.Describe(data.Dataset, indices, view)), pass);
    }

    /// <summary>The radiographs' view in place of features; null where the training radiographs are all of one view.</summary>
    internal static FrozenFeatures? OfViews(SweepData data)
    {
        var views = ViewFeatures.Of(data.Train.Radiographs);
        return views.Missing is not null ? null : new(
            views.Sha256, views.Of(data.Train), [], views.Of(data.Test), (indices, _) => views.Describe(data.Dataset, indices));
    }

    /// <summary>The radiographs that plans draw and test on, ascending.</summary>
    private static (int[] Train, int[] Test) IndicesNeeded(SweepData data, IReadOnlyList<TransferPlan> plans)
    {
        SortedSet<int> trainRows = [], testRows = [];
        foreach (var plan in plans)
        {
            var (drawn, tested) = TransferSweep.RowsNeeded(data.Train, data.Test, plan);
            trainRows.UnionWith(drawn);
            testRows.UnionWith(tested);
        }
        return (data.Train.IndicesOf(trainRows), data.Test.IndicesOf(testRows));
    }

    /// <summary>Radiographs that would pass the encoder if every task, number of labels and trial were run on its own.</summary>
    private static long OneByOne(SweepData data, IReadOnlyList<TransferPlan> plans, int views) =>
        (from plan in plans
         from task in plan.Tasks
         from n in plan.Examples
         let drawn = n ?? data.Train.ToLearn(task).Rows.Length
         select (long)plan.Trials * ((1 + views) * drawn + data.Tests[task.Name].Classes.Length)).Sum();
}
