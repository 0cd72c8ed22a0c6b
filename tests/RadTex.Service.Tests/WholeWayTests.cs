using System.Text.RegularExpressions;
using RadTex.Prediction;

namespace RadTex.Service.Tests;

/// <summary>
/// The whole way beside Debian's Orthanc: storescu, Orthanc, RadTex, and the report back in Orthanc; and the same by the other doors.
/// </summary>
public sealed partial class WholeWayTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_door_gives_the_numbers_of_predict_and_a_report_in_the_archive()
    {
        using var orthanc = await OrthancServer.StartAsync(Cancellation);
        await using var service = await SmallService.StartAsync(s => s.Settings with
        {
            Orthanc = new() { Url = orthanc.Url, PollSeconds = 0.1 },
            Destinations = [],
            Folder = new() { Path = s.File("inbox"), Done = s.File("done"), Refused = s.File("refused"), PollSeconds = 0.1 },
        });
        string[] paths = [.. Enumerable.Range(0, 4).Select(i => Radiographs.Dicom(i).Write(service.File($"r{i}.dcm")))];
        using var model = OnnxRadiographModel.Open(service.ModelPath);
        var predicted = Predictions.Run(model, paths, cancellation: Cancellation);

        orthanc.Store(paths[0]); // DIMSE
        await service.AnswerAsync(await File.ReadAllBytesAsync(paths[1], Cancellation)); // HTTP
        await StowByCurlAsync(service, paths[2]); // STOW-RS
        File.Copy(paths[3], service.File("inbox/r3.dcm")); // a folder

        string[] reports = [];
        while ((reports = await orthanc.OfModalityAsync("SR", Cancellation)).Length < 4) await Task.Delay(100, Cancellation);
        await service.IdleAsync();
        var told = new Dictionary<string, float[]>();
        foreach (var id in reports)
        {
            var path = service.File(id + ".dcm");
            await File.WriteAllBytesAsync(
                path, await orthanc.Client.GetByteArrayAsync($"{orthanc.Url}/instances/{id}/file", Cancellation), Cancellation);
            ExternalProgram.Run("dciodvfy", "dicom3tools", path);
            ExternalProgram.Run("dsrdump", "dcmtk", path).ShouldContain("Not for diagnostic use");
            var read = ExternalProgram.RunPython("pydicom", """
                import sys, pydicom
                d = pydicom.dcmread(sys.argv[1])
                groups = [c for c in d.ContentSequence if c.get('ConceptNameCodeSequence') and c.ConceptNameCodeSequence[0].CodeValue == '126010'][0]
                print(d.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID,
                    *[i.MeasuredValueSequence[0].NumericValue for g in groups.ContentSequence for i in g.ContentSequence if i.ValueType == 'NUM'])
                """, path).Split(' ', StringSplitOptions.TrimEntries);
            told[read[0]] = [.. read.Skip(1).Select(v => float.Parse(v, System.Globalization.CultureInfo.InvariantCulture))];
        }
        for (int i = 0; i < 4; i++) told[Radiographs.Uid(i)].ShouldBe(predicted.Probabilities[i], $"radiograph {i}");
        // What RadTex stored came back in the feed and was left alone.
        while (service.Queue.Position("orthanc") < await LastAsync(orthanc)) await Task.Delay(50, Cancellation);
        (await orthanc.OfModalityAsync("SR", Cancellation)).Length.ShouldBe(4);
        service.Running.Spool.Audit.Read().ShouldContain(l => l.Entry.Who == "XRAY1" && l.Entry.SopInstance == Radiographs.Uid(0));
        service.Running.Spool.Audit.Verify(null);
    }

    [Fact]
    public async Task Orthanc_may_be_away_come_back_and_begin_its_feed_anew()
    {
        using var orthanc = await OrthancServer.StartAsync(Cancellation);
        await using var service = await SmallService.StartAsync(s => s.Settings with
        {
            Orthanc = new()
            {
                Url = orthanc.Url,
                PollSeconds = 0.1,
            },
            Destinations = [],
            Delivery = new() { FirstSeconds = 0.05, LongestSeconds = 0.2, Attempts = 1000 },
        });
        orthanc.Store(Radiographs.Dicom(0).Write(service.File("r0.dcm")));
        while ((await orthanc.OfModalityAsync("SR", Cancellation)).Length < 1) await Task.Delay(50, Cancellation);
        orthanc.Stop();
        await service.AnswerAsync(Radiographs.Bytes(1));
        await SmallService.UntilAsync(() => service.Log.Contains("it cannot be reached"));
        await orthanc.BeginAsync(Cancellation);
        while ((await orthanc.OfModalityAsync("SR", Cancellation)).Length < 2) await Task.Delay(50, Cancellation);
        // A position beyond the feed's end: its database was made anew. All of it is read again, and known.
        service.Queue.SetPosition("orthanc", 1_000_000);
        await SmallService.UntilAsync(() => service.Log.Contains("is read again from the start"));
        while (service.Queue.Position("orthanc") is var position && (position == 0 || position < await LastAsync(orthanc)))
            await Task.Delay(50, Cancellation);
        await service.IdleAsync();
        (await orthanc.OfModalityAsync("SR", Cancellation)).Length.ShouldBe(2);
        service.Running.Spool.Audit.Read().ShouldContain(l => l.Entry.Kind == Spool.AuditKind.Rescan);
    }

    [Fact]
    public async Task A_dicomweb_service_takes_the_report_and_takes_it_again()
    {
        using var orthanc = await OrthancServer.StartAsync(Cancellation);
        await using var service = await SmallService
            .StartAsync(s => s.Settings with { Destinations = [new() { Name = "pacs", Stow = orthanc.Url + "/dicom-web" }] });
        await service.AnswerAsync(Radiographs.Bytes(0));
        await service.IdleAsync();
        service.Queue.Count(Spool.InstanceState.Sent).ShouldBe(1, service.Log);
        service.Queue.Database.Write(d =>
        {
            d.Execute("UPDATE instances SET state = 'Stored'");
            d.Execute("UPDATE deliveries SET state = 'pending'");
        });
        await File.WriteAllBytesAsync(Path.Combine(service.Settings.Spool, service.Queue.Find(1)!.Source), Radiographs.Bytes(0), Cancellation);
        await service.IdleAsync();
        (await orthanc.OfModalityAsync("SR", Cancellation)).Length.ShouldBe(1);
    }

    private static async Task<long> LastAsync(OrthancServer orthanc) =>
        long.Parse(Last().Match(await orthanc.Client.GetStringAsync($"{orthanc.Url}/changes?last", Cancellation)).Groups[1].Value,
            System.Globalization.CultureInfo.InvariantCulture);

    // As docs/service.md shows it.
    private static async Task StowByCurlAsync(SmallService service, string path)
    {
        const string curl = "/usr/bin/curl";
        if (!File.Exists(curl))
        {
            using var response = await DoorTests.StowAsync(service, "/dicom-web/studies", await File.ReadAllBytesAsync(path, Cancellation));
            response.EnsureSuccessStatusCode();
            return;
        }
        ExternalProgram.Run("curl", "curl", "--silent", "--fail", "-H", "Content-Type: multipart/related; type=\"application/dicom\"", "-F",
            $"file=@{path};type=application/dicom", $"{service.Running.Address}dicom-web/studies").ShouldContain("00081199");
    }

    [GeneratedRegex("\"Last\" *: *([0-9]+)")]
    private static partial Regex Last();
}
