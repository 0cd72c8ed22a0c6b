using System.Diagnostics;
using RadTex.Heads;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary>
/// The frozen half of a sweep: an encoder passes once over every radiograph that any task, number of labels or trial needs, a view each; all
/// heads, batches and controls then work on those features.
/// </summary>
internal sealed class FrozenCells(
    SweepData data, SweepOptions options, Action<string> say, IProgress<ProgressReport>? progress, CancellationToken cancellation)
{
    /// <summary>The label of the control that asks what else the features tell.</summary>
    internal const string ShuffledControl = "shuffled labels", ViewControl = "view as label";

    private readonly AffineAugmentation augmentation = options.Augmentation ?? new();

    /// <summary>The runs of some trials that share an encoder.</summary>
    internal IEnumerable<SweepRun> Run(SweepInitialisation start, EncoderSource encoder, int firstTrial, int trials, List<EncoderPass> passes)
    {
        var extractor = new FeatureExtractor(encoder, options.Precision, new TorchSharp.torch.Device(options.Device), options.EvaluationBatch);
        var plan = new TransferPlan(
            data.Protocol.Tasks, start.Examples
                ?? options.Examples, trials, start.Heads, options.Seed, start.Recipe, FirstTrial: firstTrial, SmallestDraw: options.Smallest);
        TransferPlan[] plans = [.. data.Plans(plan)];
        if (plans.Length == 0) yield break;
        var (train, views, test) = Features(start, extractor, plans, passes);
        var features = new Source(
            encoder.Card.WeightsSha256, train, views, test,
            (indices, view) => extractor.Describe(data.Dataset, indices, view, augmentation, options.Seed));
        var folder = Path.Combine(options.Output, "cells", LabelEfficiencySweep.Slug(data.Protocol.Name), LabelEfficiencySweep.Slug(start.Name));
        foreach (var run in Heads(start, features, plans, folder, "", true)) yield return run;
        foreach (int batch in (start.Batches ?? []).Where(b => b != start.Recipe.BatchSize))
            foreach (
                var run in Heads(
                    start, features, [.. plans.Select(p => p with { Heads = [HeadKind.Paper], Recipe = p.Recipe with { BatchSize = batch } })],
                    folder, "", false))
                yield return run;
        if (start.HasControls)
            foreach (var run in Controls(start, features, plans, folder)) yield return run;
    }

    /// <summary>The runs of heads on the radiographs' view in place of features, on the draws that an encoder's heads have.</summary>
    internal IEnumerable<SweepRun> RunViewOnly(SweepInitialisation start, int firstTrial, int trials)
    {
        var views = ViewFeatures.Of(data.Train);
        if (views.Missing is not null) return [];
        var plan = new TransferPlan(
            data.Protocol.Tasks, start.Examples
                ?? options.Examples, trials, start.Heads, options.Seed, start.Recipe, FirstTrial: firstTrial, SmallestDraw: options.Smallest);
        var names = data.Dataset.LabelNames;
        var features = new Source(
            views.Sha256, views.Of(data.Train, names), [], views.Of(data.Test, names), (indices, _) => views.Describe(data.Dataset, indices));
        return Heads(
            start, features, [.. data.Plans(plan)],
            Path.Combine(options.Output, "cells", LabelEfficiencySweep.Slug(data.Protocol.Name), LabelEfficiencySweep.Slug(start.Name)), "", true);
    }

    /// <summary>Features that heads are trained on.</summary>
    /// <param name="Sha256">Of the encoder's weights.</param>
    /// <param name="Train">Of the centre views, within the whole pool.</param>
    /// <param name="Views">Of augmented ones.</param>
    /// <param name="Test">Of what is tested on.</param>
    /// <param name="Describe">The card of some radiographs, in an augmented view or the centre one.</param>
    private sealed record Source(
        string Sha256, RadiographFeatures Train, IReadOnlyList<RadiographFeatures> Views, RadiographFeatures Test,
        Func<IReadOnlyList<int>, int?, FeatureCard> Describe);

    private (RadiographFeatures Train, IReadOnlyList<RadiographFeatures> Views, RadiographFeatures Test) Features(
        SweepInitialisation start, FeatureExtractor extractor, TransferPlan[] plans, List<EncoderPass> passes)
    {
        SortedSet<int> trainRows = [], testRows = [];
        long oneByOne = 0;
        foreach (var plan in plans)
        {
            var (drawn, tested) = TransferSweep.RowsNeeded(data.Train, data.Dataset.LabelNames, data.Test, data.Dataset.LabelNames, plan);
            trainRows.UnionWith(drawn);
            testRows.UnionWith(tested);
            foreach (var task in plan.Tasks)
                foreach (int? n in plan.Examples)
                    oneByOne += (long)plan.Trials * (
                        (1 + options.Views) * (n ?? LabelledRadiographs.Of(data.Train, data.Dataset.LabelNames, task.Label, task.Against).Rows.Length)
                            + data.Tests[task.Name].Classes.Length);
        }
        var clock = Stopwatch.StartNew();
        RadiographFeatures Extract(int[] indices, int? view)
        {
            var card = extractor.Describe(data.Dataset, indices, view, augmentation, options.Seed);
            // A folder for all that the features depend on: shared by initialisations and protocols of the same encoder and dataset.
            var folder = Path.Combine(options.Output, "features", SweepRun.Hash(card with { Dataset = "", Encoder = "" })[..16]);
            return extractor.Extract(data.Dataset, indices, folder, view, augmentation, options.Seed, progress, cancellation: cancellation);
        }
        int[] trainIndices = [.. trainRows.Select(r => data.Train[r].Index)], testIndices = [.. testRows.Select(r => data.Test[r].Index)];
        long before = extractor.EncodedImages;
        var centre = Extract(trainIndices, null).Within(data.Train);
        RadiographFeatures[] views = [.. Enumerable.Range(0, start.Heads.Contains(HeadKind.Paper) ? options.Views : 0)
            .Select(v => Extract(trainIndices, v).Within(data.Train))];
        var test = Extract(testIndices, null).Within(data.Test);
        var pass = new EncoderPass(
            start.Name, extractor.Describe(data.Dataset, []).Encoder, trainRows.Count + testRows.Count, 1 + views.Length,
            (long)trainRows.Count * (1 + views.Length) + testRows.Count,
            extractor.EncodedImages - before, oneByOne, Math.Round(clock.Elapsed.TotalSeconds, 2));
        passes.Add(pass);
        say(pass.ToString());
        return (centre, views, test);
    }

    private IEnumerable<SweepRun> Heads(
        SweepInitialisation start, Source source, TransferPlan[] plans, string folder, string control, bool isMain)
    {
        var (sha256, train, views, test, describe) = source;
        foreach (var plan in plans)
        {
            cancellation.ThrowIfCancellationRequested();
            var identity = new TransferIdentity(
                "frozen", describe([.. train.Radiographs.Select(r => r.Index)], options.Views > 0 ? 0 : null),
                describe([.. data.Test.Select(r => r.Index)], null),
                plan.Seed, plan.Smallest ?? 0, options.Views, plan.Recipe, control.Length > 0 ? control : null);
            var cell = Path.Combine(
                folder,
                SweepRun.Hash(
                    identity with
                    {
                        Train = identity.Train with { Dataset = "", Encoder = "" },
                        Test = identity.Test with { Dataset = "", Encoder = "" }
                    })[..16]);
            Directory.CreateDirectory(cell);
            TransferResult result;
            using (var journal = TransferJournal.Open(Path.Combine(cell, TransferLayout.Journal), identity))
                result = TransferSweep.Run(train, test, plan, views, journal, progress, cancellation);
            var tests = plan.Tasks.ToDictionary(
                t => t.Name, t => LabelledRadiographs.Of(test.Radiographs, test.LabelNames, t.TestLabel ?? t.Label, t.Against));
            var tested = tests.ToDictionary(t => t.Key, t => test.Select(t.Value.Rows));
            foreach (var trial in result.Trials)
                yield return LabelEfficiencySweep.RunOf(data, start, trial, sha256, plan.Recipe, identity, control) with
                {
                    Test = control == ViewControl ? new(tested[trial.Task].Radiographs, tests[trial.Task].Classes, 2) : data.Tests[trial.Task],
                    Probabilities = trial.Weights!.Probabilities(tested[trial.Task]),
                    IsMain = isMain,
                };
        }
    }

    /// <summary>Negative controls: labels that tell nothing must give 0.5; and how well the features tell what is no finding.</summary>
    private IEnumerable<SweepRun> Controls(
        SweepInitialisation start, Source source, TransferPlan[] plans, string folder)
    {
        var (train, test) = (source.Train, source.Test);
        // Only radiographs whose features are there may be drawn: other labels make other draws.
        RadiographFeatures Known(RadiographFeatures features) => features.Where(r => features.Has(r));
        var (knownTrain, knownTest) = (Known(train), Known(test));
        TransferPlan[] Possible(RadiographFeatures drawn, RadiographFeatures tested, IEnumerable<TransferPlan> asked) =>
            [.. asked.SelectMany(p => SweepData.Plans(p with { Heads = [HeadKind.Logistic] }, drawn, tested))];
        var shuffled = knownTrain.WithLabels(train.LabelNames, Shuffle(knownTrain, plans[0].FirstTrial));
        foreach (
            var run in Heads(
                start, source with { Train = shuffled, Views = [] }, Possible(shuffled, test, plans), folder, ShuffledControl,
                false)) yield return run;

        RadiographFeatures ByView(RadiographFeatures features) => features.WithLabels(["anteroposterior"], i =>
            features.Radiographs[i].View.StartsWith("AP", StringComparison.OrdinalIgnoreCase) ? [1.0] : features.Radiographs[i].View
                .StartsWith("PA", StringComparison.OrdinalIgnoreCase) ? [0.0] : [null]);
        var (viewTrain, viewTest) = (ByView(knownTrain), ByView(knownTest));
        var byView = Possible(viewTrain, viewTest, [plans[0] with { Tasks = [new("anteroposterior")] }]);
        foreach (var run in Heads(start, source with { Train = viewTrain, Views = [], Test = viewTest }, byView, folder, ViewControl, false))
            yield return run;
    }

    /// <summary>
    /// Each label's definite values dealt out anew among the radiographs that have one; once an encoder, since one deal may by chance go along with
    /// what features tell best.
    /// </summary>
    private Func<int, IReadOnlyList<double?>> Shuffle(RadiographFeatures features, int trial)
    {
        var labels = features.Radiographs.Select(r => r.Labels.ToArray()).ToArray();
        for (int column = 0; column < features.LabelNames.Count; column++)
        {
            int[] rows = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i][column] is >= 0)];
            int[] order = new CounterRandom((ulong)options.Seed, (ulong)column, 0x436F6E74726F6C, (ulong)trial).Permutation(rows.Length); // "Control"
            double?[] values = [.. order.Select(o => features.Radiographs[rows[o]].Labels[column])];
            for (int i = 0; i < rows.Length; i++) labels[rows[i]][column] = values[i];
        }
        return i => labels[i];
    }
}
