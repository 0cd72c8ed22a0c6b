using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using RadTex.Studio.Labelling;
using RadTex.Studio.Tests.Web;

namespace RadTex.Studio.Tests.Benchmarks;

/// <summary>
/// How long a reader waits, with the real command and headless Chromium. bench/studio-speed.sh makes the radiographs and runs it;
/// docs/results/studio.md keeps what it wrote.
/// </summary>
public sealed class StudioSpeed
{
    private const string Finding = "Edema";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Named(string name) => Environment.GetEnvironmentVariable($"RADTEX_STUDIO_{name}")!;

    [Fact(Explicit = true)]
    public async Task Speed()
    {
        var rows = new List<(string What, string Target, string Seen)>();
        var load = Load();
        int keys = int.Parse(Named("KEYS"), CultureInfo.InvariantCulture), full = int.Parse(Named("FULL_KEYS"), CultureInfo.InvariantCulture);
        await RefitAsync(rows); // the first: without a model behind, the other figures are of nothing
        await ReadAsync(Named("FULL"), "3,000 x 3,000 pixels, 16 bits", full, rows);
        await ReadAsync(Named("DATASET"), "prepared dataset", keys, rows);
        await ReadAsync(Named("LARGE"), "pool of 10,000", full, rows);
        await LabelManyAsync(rows);
        await File.WriteAllTextAsync(Named("PAGE"), string.Create(CultureInfo.InvariantCulture, $"""
            # How long a reader waits

            `bench/studio-speed.sh` on **synthetic** radiographs, {Environment.ProcessorCount} cores, headless Chromium without a GPU at 1,280 x 720, the command in a process of its own.
            One-minute load of the machine when it began and when it ended: {load} and {Load()}.

            | what | target | seen |
            | --- | --- | --- |
            {string.Join('\n', rows.Select(r => $"| {r.What} | {r.Target} | {r.Seen} |"))}

            """), Cancellation);
    }

    private static async Task ReadAsync(string dataset, string what, int keys, List<(string, string, string)> rows)
    {
        using var folder = new TemporaryFolder();
        await using var browser = await Browser.LaunchAsync();
        var clock = Stopwatch.StartNew();
        using var studio = Command.Start(dataset, folder.File("labels.radtex"));
        await browser.GoAsync(await studio.AddressAsync());
        rows.Add(($"{what}: the command to the first picture", "3 s", $"{clock.Elapsed.TotalSeconds:0.0} s"));

        await browser.Page.EvaluateAsync("() => performance.setResourceTimingBufferSize(100000)");
        for (int i = 0; i < keys; i++)
        {
            await Task.Delay(500, Cancellation);
            await browser.AnswerAsync(i % 2 == 0 ? "0" : "1");
        }
        await AddTimesAsync(browser.Page, $"{what}: {keys} keys, one each 500 ms", rows);
        for (int i = 0; i < keys; i++) await browser.AnswerAsync(i % 2 == 0 ? "0" : "1");
        await AddTimesAsync(browser.Page, $"{what}: {keys} keys as fast as pictures come", rows);

        await browser.PaintedAsync();
        await browser.Page.Mouse.MoveAsync(640, 300);
        await browser.Page.Mouse.DownAsync();
        await browser.Page.EvaluateAsync("() => performance.clearMarks('radtex-window-frame')");
        clock.Restart();
        for (int i = 0; clock.Elapsed.TotalSeconds < 3; i++)
            await browser.Page.Mouse.MoveAsync(640 + 200 * (float)Math.Sin(i / 20.0), 300 + 100 * (float)Math.Cos(i / 20.0));
        double seconds = clock.Elapsed.TotalSeconds;
        int frames = await browser.Page.EvaluateAsync<int>("() => performance.getEntriesByName('radtex-window-frame').length");
        await browser.Page.Mouse.UpAsync();
        rows.Add(($"{what}: window drag", "30 frames a second", $"{frames / seconds:0} frames a second"));
    }

    // What else ran: figures of a machine that others use are upper ones.
    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static async Task AddTimesAsync(IPage page, string what, List<(string, string, string)> rows)
    {
        // The answer leaves with the key. When what it got came back over the wire, it is on the disk, however busy the page is with drawing.
        const string sent = "getEntriesByType('resource').filter(e => e.name.endsWith('/api/answer')).map(e => e.responseEnd - e.startTime)";
        foreach (var (name, told, target, entries) in new[]
        {
            ("radtex-key-to-picture", "key to picture painted", "p50 50 ms, p95 100 ms", ""),
            ("", "key to durable and told so over the wire", "p95 20 ms", sent),
            ("radtex-key-to-saved", "key to \"saved\" in the page, which draws meanwhile", "", ""),
        })
        {
            var of = entries.Length > 0 ? entries : $"getEntriesByName('{name}').map(e => e.duration)";
            var times = await page.EvaluateAsync<double[]>($"() => performance.{of}");
            Array.Sort(times);
            rows.Add(($"{what}: {told}", target, string.Create(CultureInfo.InvariantCulture,
                $"p50 {times[times.Length / 2]:0} ms, p95 {times[times.Length * 95 / 100]:0} ms, most {times[^1]:0} ms")));
            await page.EvaluateAsync(entries.Length > 0 ? "() => performance.clearResourceTimings()" : $"() => performance.clearMeasures('{name}')");
        }
    }

    /// <summary>Thousands of answers by plain requests: how long each takes to be durable, and what memory the process holds.</summary>
    private static async Task LabelManyAsync(List<(string, string, string)> rows)
    {
        int labels = int.Parse(Named("LABELS"), CultureInfo.InvariantCulture);
        using var folder = new TemporaryFolder();
        using var studio = Command.Start(Named("DATASET"), folder.File("labels.radtex"));
        using var client = new HttpClient(new HttpClientHandler { UseProxy = false });
        var address = await studio.AddressAsync();
        await client.GetAsync(address, Cancellation);
        var root = new Uri(address.GetLeftPart(UriPartial.Authority));
        client.DefaultRequestHeaders.Add("X-RadTex", "1");
        client.DefaultRequestHeaders.Add("Origin", root.AbsoluteUri.TrimEnd('/'));
        var queue = (await client.GetFromJsonAsync<JsonElement>(new Uri(root, $"api/queue?finding={Finding}"), Cancellation)).GetProperty("queue");
        var times = new List<double>();
        var held = new List<(int Labels, double Mebibytes)>();
        for (int i = 0; i < labels && queue.GetArrayLength() > 0; i++)
        {
            var clock = Stopwatch.StartNew();
            var body = new
            {
                finding = Finding,
                picture = queue[0].GetProperty("picture").GetString(),
                value = i % 3 == 0 ? "1" : "0",
                pick = queue[0].GetProperty("pick").GetInt64(),
            };
            using var answer = await client.PostAsJsonAsync(new Uri(root, "api/answer"), body, Cancellation);
            queue = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("next").GetProperty("queue");
            times.Add(clock.Elapsed.TotalMilliseconds);
            if ((i + 1) % 500 == 0) held.Add((i + 1, studio.Mebibytes()));
        }
        times.Sort();
        rows.Add(($"{times.Count:N0} answers by plain requests, as fast as they come: request to durable and answered", "p95 20 ms", string.Create(
            CultureInfo.InvariantCulture,
            $"p50 {times[times.Count / 2]:0.0} ms, p95 {times[times.Count * 95 / 100]:0.0} ms, most {times[^1]:0} ms")));
        rows.Add(("memory of the process over them", "flat", string.Join(", ", held.Select(h => string.Create(
            CultureInfo.InvariantCulture, $"{h.Labels:N0}: {h.Mebibytes:0} MiB")))));
    }

    /// <summary>The head fitted anew after a label, with the figures of the reserve and their intervals: what stands in the strip.</summary>
    private static async Task RefitAsync(List<(string, string, string)> rows)
    {
        using var folder = new TemporaryFolder();
        using var work = Workplace.Open(new(Named("DATASET"), [Finding], folder.File("labels.radtex")) { Encoder = Named("ENCODER") });
        work.StartFeatures();
        await work.FeaturesAsync();
        work.FeatureFault.ShouldBeNull();
        var times = new List<double>();
        foreach (int labels in new[] { 100, 300 })
        {
            while (work.Session.Read(b => b.Labelled(Finding).Count) < labels)
            {
                var next = work.Session.Next("reader-1", Finding)!;
                work.Session.Answer("reader-1", Finding, next.Picture, Answer.Of(next.Picture[1] is < '5' ? 1 : 0));
                var clock = Stopwatch.StartNew();
                _ = work.Session.Figures(Finding);
                times.Add(clock.Elapsed.TotalMilliseconds);
            }
            double[] last = [.. times.TakeLast(40).Order()];
            rows.Add(($"{labels} labels, {work.Pool.Features!.Width} features: refit with intervals, the last 40", "150 ms", string.Create(
                CultureInfo.InvariantCulture, $"p50 {last[20]:0} ms, p95 {last[38]:0} ms, most {last[39]:0} ms")));
        }
    }

    /// <summary>The real command in a process of its own.</summary>
    private sealed class Command(Process process) : IDisposable
    {
        internal static Command Start(string dataset, string project) => new(Process.Start(new ProcessStartInfo(
            Named("PROGRAM"), ["studio", dataset, "--labels", Finding, "--encoder", Named("ENCODER"), "--project", project, "--no-open"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

        internal async Task<Uri> AddressAsync()
        {
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            while (await process.StandardOutput.ReadLineAsync(Cancellation) is { } line)
                if (line.StartsWith("Open ", StringComparison.Ordinal)) return new(line[5..]);
            throw new InvalidOperationException("the studio ended before it told its address");
        }

        internal double Mebibytes()
        {
            process.Refresh();
            return process.WorkingSet64 / 1024.0 / 1024;
        }

        public void Dispose()
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }
}
