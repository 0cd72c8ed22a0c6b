using System.Globalization;
using RadTex.Data;
using RadTex.Heads;
using RadTex.Metrics;
using RadTex.Metrics.Intervals;
using RadTex.Prediction.Onnx;
using RadTex.Studies;
using RadTex.Studio.Exports;
using RadTex.Studio.Labelling;
using RadTex.Studio.Pictures;
using RadTex.Studio.Tests.Web;
using RadTex.Studio.Web;

namespace RadTex.Studio.Tests.Benchmarks;

/// <summary>
/// Whole labelling sessions replayed from a script of truth with 5% errors, of the dataset and encoder that RADTEX_STUDIO_DATASET and
/// RADTEX_STUDIO_ENCODER name: in a browser by the keyboard, and through the library. bench/studio-replays.sh runs it; docs/results/studio-replays.md
/// keeps what it wrote.
/// </summary>
public sealed class StudioReplays
{
    private const double ErrorShare = 0.05;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string DatasetPath => Environment.GetEnvironmentVariable("RADTEX_STUDIO_DATASET")!;

    private static string EncoderPath => Environment.GetEnvironmentVariable("RADTEX_STUDIO_ENCODER")!;

    private static string Finding => Environment.GetEnvironmentVariable("RADTEX_STUDIO_FINDING")!;

    private static int Count(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    [Fact(Explicit = true)]
    public async Task Replays()
    {
        int browserReplays = Count("RADTEX_STUDIO_BROWSER", 20), replays = Count("RADTEX_STUDIO_REPLAYS", 200),
            labels = Count("RADTEX_STUDIO_LABELS", 100);
        using var folder = new TemporaryFolder();
        using var dataset = PreparedDataset.Open(DatasetPath);
        using var model = OnnxModel.Open(EncoderPath);
        var truth = new Truth(dataset, dataset.LabelIndex(Finding));
        var features = PoolFeatures.Make(model, dataset, [.. Enumerable.Range(0, dataset.Count)], folder.File("features"), null, Cancellation);
        var test = features.Where(r => r.Split == Split.Test && truth.IsKnown(r.Index));
        bool[] positive = [.. test.Radiographs.Select(r => truth.Of(r.Index))];

        double[] studio = new double[browserReplays], transfer = new double[browserReplays];
        for (int replay = 0; replay < browserReplays; replay++)
        {
            using var work = await OpenAsync(folder.File($"browser{replay}.radtex"), (ulong)replay);
            await using (var server = await StudioServer.StartAsync(work, new(), Cancellation))
            await using (var room = await Browser.OpenAsync(server))
            {
                // Blinded repeats are keys too, and no further labels.
                while (work.Session.Read(b => b.Of("reader-1", Finding).Count) < labels)
                {
                    await room.AnswerAsync(truth.Said(work, await room.PictureAsync(), (ulong)replay) ? "1" : "0");
                    await room.Page.Locator("#saved", new() { HasTextString = "saved ·" }).WaitForAsync();
                }
            }
            var path = folder.File($"browser{replay}.onnx");
            ClassifierExport.Write(work, Finding, path);
            studio[replay] = Auc(work.Session.Head(Finding)!.Weights, test, positive);
            transfer[replay] = Auc(RandomHead(features, truth, labels, (ulong)replay), test, positive);
            TestContext.Current.SendDiagnosticMessage($"browser {replay}: studio {studio[replay]:0.000}, transfer {transfer[replay]:0.000}");
        }

        int given = 0, held = 0;
        var widths = new List<double>();
        int reserveLabels = Count("RADTEX_STUDIO_RESERVE_LABELS", 250);
        for (int replay = 0; replay < replays; replay++)
        {
            using var work = await OpenAsync(folder.File($"library{replay}.radtex"), 1_000 + (ulong)replay, features);
            for (int i = 0; i < reserveLabels; i++)
            {
                if (work.Session.Next("reader-1", Finding) is not { } next) break;
                work.Session.Answer("reader-1", Finding, next.Picture, Answer.Of(truth.Of(work.RadiographOf(next.Picture).Index) ? 1 : 0));
            }
            if (work.Session.Figures(Finding).Auc is not { } interval) continue;
            given++;
            widths.Add(interval.Upper - interval.Lower);
            double auc = Auc(work.Session.Head(Finding)!.Weights, test, positive);
            if (interval.Lower <= auc && auc <= interval.Upper) held++;
        }
        await File.WriteAllTextAsync(
            Environment.GetEnvironmentVariable("RADTEX_STUDIO_PAGE")!,
            Page(dataset, studio, transfer, labels, replays, reserveLabels, given, held, widths),
            Cancellation);
    }

    private static string Page(
        PreparedDataset dataset, double[] studio, double[] transfer, int labels, int replays, int reserveLabels, int given, int held,
        List<double> widths)
    {
        var difference = TrialMean.MeanAndDeviation([.. studio.Zip(transfer, (a, b) => a - b)]);
        string Signed(double value) => double.IsFinite(value) ? value.ToString("+0.000;-0.000", CultureInfo.InvariantCulture) : "n/a";
        double half = 1.96 * difference.Deviation / Math.Sqrt(studio.Length);
        widths.Sort();
        var coverage = Proportion.Exact(held, Math.Max(1, given))!.Value;
        var train = dataset.Radiographs.Where(r => r.Split == Split.Train && r.Labels[dataset.LabelIndex(Finding)] is >= 0).ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"""
            # Labelling sessions replayed

            `bench/studio-replays.sh` on {(dataset.Manifest.Synthetic ? "**synthetic** " : "")}radiographs, {Finding}, prevalence {train.Average(r => r.Labels[dataset.LabelIndex(Finding)] > 0 ? 1.0 : 0):0.00} among {train.Length:N0} training
            radiographs.

            ## By the keyboard, in headless Chromium
            {studio.Length} sessions of {labels} labels, of which {ErrorShare:P0} are wrong, beside the head that `radtex transfer` fits on {labels} random labels with as many errors; AUC on the test split.

            | | mean AUC |
            | --- | --- |
            | the studio's classifier | {studio.Average():0.000} |
            | transfer, random labels | {transfer.Average():0.000} |
            | difference | {difference.Mean:+0.000;-0.000} [{Signed(difference.Mean - half)}, {Signed(difference.Mean + half)}] |

            ## The reserve's interval
            {replays} sessions of {reserveLabels} true answers through the library, blinded repeats among them. An interval is given from ten positives and ten negatives of the reserve on.

            | | |
            | --- | --- |
            | sessions without an interval ("n/a") | {replays - given} of {replays} |
            | intervals that hold the test AUC of the head | {held} of {given}: {coverage.Estimate:0.00} [{coverage.Lower:0.00}, {coverage.Upper:0.00}] |
            | median width | {(widths.Count == 0 ? "n/a" : widths[widths.Count / 2].ToString("0.00", CultureInfo.InvariantCulture))} |

            """);
    }

    private static async Task<Workplace> OpenAsync(string project, ulong seed, RadiographFeatures? features = null)
    {
        var work = Workplace.Open(new(DatasetPath, [Finding], project) { Encoder = EncoderPath, Seed = seed });
        if (features is not null) work.TakeFeatures(features);
        else
        {
            work.StartFeatures();
            await work.FeaturesAsync();
        }
        return work;
    }

    private static double Auc(LinearHead head, RadiographFeatures test, bool[] positive) => Roc.Auc(head.Probabilities(test), positive)!.Value;

    private static LinearHead RandomHead(RadiographFeatures features, Truth truth, int labels, ulong seed)
    {
        int[] rows = [.. Enumerable.Range(0, features.Count)
            .Where(i => features.Radiographs[i].Split == Split.Train && truth.IsKnown(features.Radiographs[i].Index))
            .OrderBy(i => CounterRandom.Hash(seed, (ulong)i, 31)).Take(labels)];
        int[] classes = [.. rows.Select(i => truth.Said(features.Radiographs[i].Index, seed) ? 1 : 0)];
        return LogisticHead.Fit(features, rows, classes, 2, new CounterRandom(seed)).Head;
    }

    /// <summary>A dataset's label, and what a reader says of it who is wrong now and then.</summary>
    private sealed class Truth(PreparedDataset dataset, int label)
    {
        internal bool IsKnown(int row) => dataset[row].Labels[label] is >= 0;

        internal bool Of(int row) => dataset[row].Labels[label] > 0;

        internal bool Said(int row, ulong seed) => Of(row) != (CounterRandom.Hash(seed, (ulong)row, 30) / (double)ulong.MaxValue < ErrorShare);

        internal bool Said(Workplace work, string picture, ulong seed) => Said(work.RadiographOf(picture).Index, seed);
    }
}
