using System.Globalization;
using RadTex.Data;
using RadTex.Files;
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
        int reserveLabels = Count("RADTEX_STUDIO_RESERVE_LABELS", 250);
        var state = Directory.CreateDirectory(Environment.GetEnvironmentVariable("RADTEX_STUDIO_STATE")!).FullName;
        using var dataset = PreparedDataset.Open(DatasetPath);
        using var model = OnnxModel.Open(EncoderPath);
        var conditions = new Conditions(dataset.Hash, FileHash.Sha256(EncoderPath), Finding, labels, reserveLabels);
        var conditionsPath = Path.Combine(state, "conditions.json");
        if (!File.Exists(conditionsPath)) JsonFile.Write(conditionsPath, conditions);
        JsonFile.Read<Conditions>(conditionsPath, "conditions of replays").ShouldBe(conditions, "the folder holds other replays' results");
        var truth = new Truth(dataset, dataset.LabelIndex(Finding));
        var features = PoolFeatures
            .Make(model, dataset, [.. Enumerable.Range(0, dataset.Count)], Path.Combine(state, "features"), null, Cancellation);
        var test = features.Where(r => r.Split == Split.Test && truth.IsKnown(r.Index));
        bool[] positive = [.. test.Radiographs.Select(r => truth.Of(r.Index))];

        // What is done is kept a replay: stopped at any moment, the same command goes on at the first that is missing.
        var browsers = new List<BrowserReplay>();
        var sessions = new List<LibraryReplay>();
        for (int replay = 0; replay < browserReplays; replay++)
        {
            browsers.Add(await DoneAsync(state, $"browser-{replay}", () => BrowseAsync(features, truth, test, positive, labels, (ulong)replay)));
            await WriteAsync();
        }
        for (int replay = 0; replay < replays; replay++)
        {
            sessions.Add(await DoneAsync(
                state, $"library-{replay}", () => LabelAsync(features, truth, test, positive, reserveLabels, 1_000 + (ulong)replay)));
            await WriteAsync();
        }

        Task WriteAsync() => File.WriteAllTextAsync(
            Environment.GetEnvironmentVariable("RADTEX_STUDIO_PAGE")!, Page(dataset, browsers, sessions, (browserReplays, replays), conditions),
            Cancellation);
    }

    private static async Task<T> DoneAsync<T>(string state, string name, Func<Task<T>> replay) where T : class
    {
        var path = Path.Combine(state, name + ".json");
        if (JsonFile.ReadIfWhole<T>(path) is { } done) return done;
        var result = await replay();
        JsonFile.Write(path, result);
        TestContext.Current.SendDiagnosticMessage($"{name}: {result}");
        return result;
    }

    private static async Task<BrowserReplay> BrowseAsync(
        RadiographFeatures features, Truth truth, RadiographFeatures test, bool[] positive, int labels, ulong seed)
    {
        using var folder = new TemporaryFolder();
        using var work = await OpenAsync(folder.File("browser.radtex"), seed);
        await using (var server = await StudioServer.StartAsync(work, new(), Cancellation))
        await using (var room = await Browser.OpenAsync(server))
        {
            // Blinded repeats are keys too, and no further labels.
            while (work.Session.Read(b => b.Of("reader-1", Finding).Count) < labels)
            {
                await room.AnswerAsync(truth.Said(work, await room.PictureAsync(), seed) ? "1" : "0");
                await room.Page.Locator("#saved", new() { HasTextString = "saved ·" }).WaitForAsync();
            }
        }
        if (work.Session.Head(Finding) is not null) ClassifierExport.Write(work, Finding, folder.File("browser.onnx"));
        return new(Auc(work.Session.Head(Finding)?.Weights, test, positive), Auc(RandomHead(features, truth, labels, seed), test, positive));
    }

    private static async Task<LibraryReplay> LabelAsync(
        RadiographFeatures features, Truth truth, RadiographFeatures test, bool[] positive, int labels, ulong seed)
    {
        using var folder = new TemporaryFolder();
        using var work = await OpenAsync(folder.File("library.radtex"), seed, features);
        for (int i = 0; i < labels; i++)
        {
            if (work.Session.Next("reader-1", Finding) is not { } next) break;
            work.Session.Answer("reader-1", Finding, next.Picture, Answer.Of(truth.Of(work.RadiographOf(next.Picture).Index) ? 1 : 0));
        }
        var interval = work.Session.Figures(Finding).Auc;
        return new(interval?.Lower, interval?.Upper, Auc(work.Session.Head(Finding)?.Weights, test, positive));
    }

    private static string Page(
        PreparedDataset dataset, IReadOnlyList<BrowserReplay> browsers, IReadOnlyList<LibraryReplay> sessions, (int Browser, int Library) planned,
        Conditions conditions)
    {
        (double Studio, double Transfer)[] pairs =
            [.. browsers.Where(b => b is { Studio: not null, Transfer: not null }).Select(b => (b.Studio!.Value, b.Transfer!.Value))];
        var difference = TrialMean.MeanAndDeviation([.. pairs.Select(b => b.Studio - b.Transfer)]);
        string Signed(double value) => double.IsFinite(value) ? value.ToString("+0.000;-0.000", CultureInfo.InvariantCulture) : "n/a";
        double Mean(IEnumerable<double> of) => of.DefaultIfEmpty(double.NaN).Average();
        double half = pairs.Length < 2 ? double.NaN : TrialMean.HalfWidth(difference.Deviation, pairs.Length, 0);
        var without = pairs.Length == browsers.Count ? ""
            : $"\nLeft out, since all labels of one side were of one class and make no head: {browsers.Count - pairs.Length} sessions.";
        LibraryReplay[] given = [.. sessions.Where(s => s.Lower is not null)];
        double[] widths = [.. given.Select(s => s.Upper!.Value - s.Lower!.Value).Order()];
        int held = given.Count(s => s.Lower <= s.Auc && s.Auc <= s.Upper);
        var coverage = Proportion.Exact(held, Math.Max(1, given.Length))!.Value;
        string Of(int done, int all) => string.Create(CultureInfo.InvariantCulture, $"{done}{(done < all ? $" of {all} planned" : "")}");
        var train = dataset.Radiographs.Where(r => r.Split == Split.Train && r.Labels[dataset.LabelIndex(Finding)] is >= 0).ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"""
            # Labelling sessions replayed

            `bench/studio-replays.sh` on {(dataset.Manifest.Synthetic ? "**synthetic** " : "")}radiographs, {Finding},
            prevalence {train.Average(r => r.Labels[dataset.LabelIndex(Finding)] > 0 ? 1.0 : 0):0.00} among {train.Length:N0} training radiographs.

            ## By the keyboard, in headless Chromium
            {Of(browsers.Count, planned.Browser)} sessions of {conditions.Labels} labels, of which {ErrorShare:P0} are wrong, beside the
            head that `radtex transfer` fits on {conditions.Labels} random labels with as many errors; AUC on the test split.{without}

            | | mean AUC |
            | --- | --- |
            | the studio's classifier | {Mean(pairs.Select(b => b.Studio)):0.000} |
            | transfer, random labels | {Mean(pairs.Select(b => b.Transfer)):0.000} |
            | difference | {difference.Mean:+0.000;-0.000} [{Signed(difference.Mean - half)}, {Signed(difference.Mean + half)}] |

            ## The reserve's interval
            {Of(sessions.Count, planned.Library)} sessions of {conditions.ReserveLabels} true answers through the library, blinded repeats among them.
            An interval is given from ten positives and ten negatives of the reserve on.

            | | |
            | --- | --- |
            | sessions without an interval ("n/a") | {sessions.Count - given.Length} of {sessions.Count} |
            | intervals that hold the test AUC of the head | {held} of {given.Length}: {coverage.Estimate:0.00} [{coverage.Lower:0.00}, {coverage.Upper:0.00}] |
            | median width | {(widths.Length == 0 ? "n/a" : widths[widths.Length / 2].ToString("0.00", CultureInfo.InvariantCulture))} |

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

    private static double? Auc(LinearHead? head, RadiographFeatures test, bool[] positive) =>
        head is null ? null : Roc.Auc(head.Probabilities(test), positive);

    // Few labels of a rare finding may all be negative: they make no head.
    private static LinearHead? RandomHead(RadiographFeatures features, Truth truth, int labels, ulong seed)
    {
        int[] rows = [.. Enumerable.Range(0, features.Count)
            .Where(i => features.Radiographs[i].Split == Split.Train && truth.IsKnown(features.Radiographs[i].Index))
            .OrderBy(i => CounterRandom.Hash(seed, (ulong)i, 31)).Take(labels)];
        int[] classes = [.. rows.Select(i => truth.Said(features.Radiographs[i].Index, seed) ? 1 : 0)];
        return classes.Distinct().Count() < 2 ? null : LogisticHead.Fit(features, rows, classes, 2, new CounterRandom(seed)).Head;
    }

    private sealed record Conditions(string DatasetHash, string EncoderSha256, string Finding, int Labels, int ReserveLabels);

    /// <summary>The AUC of each on the test split; null where its labels were all of one class.</summary>
    private sealed record BrowserReplay(double? Studio, double? Transfer);

    /// <summary>The reserve's interval, where there was one, and the AUC on the test split, where there was a head.</summary>
    private sealed record LibraryReplay(double? Lower, double? Upper, double? Auc);

    /// <summary>A dataset's label, and what a reader says of it who is wrong now and then.</summary>
    private sealed class Truth(PreparedDataset dataset, int label)
    {
        internal bool IsKnown(int row) => dataset[row].Labels[label] is >= 0;

        internal bool Of(int row) => dataset[row].Labels[label] > 0;

        internal bool Said(int row, ulong seed) => Of(row) != (CounterRandom.Hash(seed, (ulong)row, 30) / (double)ulong.MaxValue < ErrorShare);

        internal bool Said(Workplace work, string picture, ulong seed) => Said(work.RadiographOf(picture).Index, seed);
    }
}
