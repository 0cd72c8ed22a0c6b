using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace RadTex.Service.Tests;

/// <summary>What can be watched, and that nothing of a patient is in it.</summary>
public sealed class WatchingTests
{
    private const string Marker = "MARKERXQ";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Every text attribute that a radiograph commonly has, and some of private groups.
    private static readonly (uint Tag, string Representation)[] Texts =
    [
        (0x0008_0050, "SH"), (0x0008_0070, "LO"), (0x0008_0080, "LO"), (0x0008_0081, "ST"), (0x0008_0090, "PN"), (0x0008_1010, "SH"),
        (0x0008_1030, "LO"), (0x0008_103E, "LO"), (0x0008_1040, "LO"), (0x0008_1050, "PN"), (0x0008_1060, "PN"), (0x0008_1070, "PN"),
        (0x0008_1090, "LO"), (0x0009_0010, "LO"), (0x0009_1001, "LO"), (0x0010_0010, "PN"), (0x0010_0020, "LO"), (0x0010_0030, "DA"),
        (0x0010_1000, "LO"), (0x0010_1001, "PN"), (0x0010_1040, "LO"), (0x0010_2160, "SH"), (0x0010_21B0, "LT"), (0x0010_4000, "LT"),
        (0x0018_1000, "LO"), (0x0018_1020, "LO"), (0x0018_1030, "LO"), (0x0020_0010, "SH"), (0x0020_4000, "LT"), (0x0032_1060, "LO"),
        (0x0038_0010, "LO"), (0x0040_0007, "LO"), (0x0040_0253, "SH"), (0x0040_0254, "LO"), (0x0040_1001, "SH"),
    ];

    [Fact]
    public async Task A_marker_in_every_text_file_name_and_reason_is_in_no_log_metric_audit_line_or_error()
    {
        await using var service = new SmallService();
        service.Settings = service.Settings with
        {
            Folder = new() { Path = service.File("inbox"), Done = service.File("done"), Refused = service.File("refused"), PollSeconds = 0.05 },
        };
        Directory.CreateDirectory(service.File("inbox"));
        await File.WriteAllBytesAsync(service.File($"inbox/{Marker}.dcm"), Marked(1).ToBytes(), Cancellation);
        await File.WriteAllTextAsync(service.File($"inbox/{Marker}.txt"), Marker, Cancellation);
        await service.StartAsync();
        var told = new StringBuilder();
        // A good one, one whose free-text reasons hold the marker, and what is refused in every way.
        await service.AnswerAsync(Marked(0).ToBytes());
        await service.AnswerAsync(Marked(2).Text(0x0018_5101, "CS", Marker).ToBytes());
        await service.AnswerAsync(Marked(3).Text(0x0018_0015, "CS", Marker).ToBytes());
        await service.AnswerAsync(Marked(4).Text(0x0008_0060, "CS", Marker).ToBytes());
        await service.AnswerAsync(Marked(5).Text(0x0028_0004, "CS", Marker).ToBytes());
        byte[][] refused =
        [
            Marked(6).Text(0x0008_0018, "UI", Marker).ToBytes(), Marked(6).Text(0x0020_000D, "UI", Marker).ToBytes(), Marked(6).ToBytes()[..^50],
            Marked(0).Text(0x0010_4000, "LT", "OTHER" + Marker).ToBytes(), Encoding.ASCII.GetBytes(Marker),
        ];
        foreach (var bytes in refused)
            using (var response = await service.PostAsync(bytes))
            {
                response.IsSuccessStatusCode.ShouldBeFalse();
                told.Append(await response.Content.ReadAsStringAsync(Cancellation));
            }
        using (var response = await DoorTests.StowAsync(service, $"/dicom-web/studies/{Marker}", refused))
            told.Append(await response.Content.ReadAsStringAsync(Cancellation));
        using (var response = await service.Client.GetAsync($"/{Marker}?{Marker}={Marker}", Cancellation))
            told.Append(await response.Content.ReadAsStringAsync(Cancellation));
        using (
            var request = new HttpRequestMessage(HttpMethod.Get, "/v1/predictions/1")
            {
                Headers = { { "X-API-Key", Marker }, { "Origin", $"http://{Marker}" } },
            })
        using (var response = await service.Client.SendAsync(request, Cancellation))
            told.Append(await response.Content.ReadAsStringAsync(Cancellation));
        await SmallService.UntilAsync(() => !Directory.EnumerateFiles(service.File("inbox")).Any());
        await service.IdleAsync();

        var metrics = await service.Client.GetStringAsync("/metrics", Cancellation);
        var audit = string.Concat(service.Running.Spool.Audit.Read().Select(l => l.Entry.ToString()));
        foreach (
            var (where, text) in (ReadOnlySpan<(string, string)>)[("errors", told.ToString()), ("metrics", metrics), ("audit", audit),
                ("log", service.Log)])
        {
            text.Length.ShouldBeGreaterThan(100, where);
            text.ShouldNotContain(Marker, Case.Insensitive, where);
        }
        service.Log.ShouldNotContain("SYNTHETIC");
        // The report is the patient's own: there it stands.
        Encoding.ASCII.GetString(await File.ReadAllBytesAsync(service.Archive[0], Cancellation)).ShouldContain(Marker);
    }

    [Fact]
    public async Task The_log_is_an_object_a_line()
    {
        await using var service = await SmallService.StartAsync();
        await service.AnswerAsync(Radiographs.Bytes(0));
        await service.IdleAsync();
        await service.StopAsync();
        string[] lines = service.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var messages = lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("message").GetString()!).ToArray();
        messages[0].ShouldStartWith("started: 1 models");
        messages[^1].ShouldStartWith("stopped: 0 instances");
    }

    [Fact]
    public async Task The_metrics_page_is_clean_and_counts_what_happened()
    {
        await using var service = await SmallService.StartAsync();
        await service.AnswerAsync(Radiographs.Bytes(0));
        await service.AnswerAsync(Radiographs.Dicom(1).Text(0x0018_5101, "CS", "LL").ToBytes());
        (await service.PostAsync([1])).Dispose();
        await service.IdleAsync();
        var page = "";
        while (!page.Contains("radtex_sent_total")) page = await service.Client.GetStringAsync("/metrics", Cancellation);
        foreach (var name in (string[])[
            "radtex_received_total", "radtex_refused_total", "radtex_judged_total", "radtex_not_judged_total", "radtex_sent_total",
            "radtex_stage_seconds_bucket", "radtex_score_bucket", "radtex_queue_depth", "radtex_queue_age_seconds"]) page.ShouldContain(name);
        page.ShouldContain("rule=\"view\"");
        const string promtool = "/usr/bin/promtool";
        Assert.SkipUnless(File.Exists(promtool), "needs promtool: apt-get install prometheus");
        using var process = Process.Start(new ProcessStartInfo(promtool, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await process.StandardInput.WriteAsync(page);
        process.StandardInput.Close();
        var told = await process.StandardOutput.ReadToEndAsync(Cancellation) + await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        (process.ExitCode, told).ShouldBe((0, ""), page);
    }

    [Fact]
    public void Drift_is_the_mean_of_the_last_radiographs_over_the_usual_bound()
    {
        using var meter = new System.Diagnostics.Metrics.Meter("test");
        var gauge = new Watching.DriftGauge(meter);
        var seen = new Dictionary<string, double>();
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, l) => { if (ReferenceEquals(instrument.Meter, meter)) l.EnableMeasurementEvents(instrument); },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.Start();
        for (int i = 0; i < Watching.DriftGauge.Window; i++) gauge.Add("chest-1", 9);
        for (int i = 0; i < Watching.DriftGauge.Window; i++) gauge.Add("chest-1", i % 4 == 0 ? 1.2 : 0.4);
        gauge.Add("chest-1", double.NaN);
        listener.RecordObservableInstruments();
        seen["radtex.drift.distance"].ShouldBe(0.6, 1e-9);
        seen["radtex.drift.beyond"].ShouldBe(0.25, 1e-9);
    }

    private static DicomDocument Marked(int number)
    {
        var document = Radiographs.Dicom(number);
        foreach (var (tag, representation) in Texts) document.Text(tag, representation, Marker);
        return document;
    }
}
