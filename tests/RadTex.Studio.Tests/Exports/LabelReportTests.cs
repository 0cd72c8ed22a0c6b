using System.Text.Json;
using RadTex.Studio.Exports;
using RadTex.Studio.Labelling;
using RadTex.Studio.Tests.Web;

namespace RadTex.Studio.Tests.Exports;

/// <summary>Labels as structured reports, read by other programs than ours.</summary>
public sealed class LabelReportTests
{
    // Debian's pydicom: whose report it is, of which picture, and what it says.
    private const string Told = """
        import json, sys, pydicom
        def told(path):
            d = pydicom.dcmread(path)
            evidence = d.CurrentRequestedProcedureEvidenceSequence[0]
            all, found = [d], {'reader': [], 'presence': [], 'finding': []}
            while all:
                i = all.pop()
                all += list(i.get('ContentSequence', []))
                name = i.ConceptNameCodeSequence[0].CodeValue if 'ConceptNameCodeSequence' in i else ''
                if name == '121008': found['reader'].append(str(i.PersonName))
                if name == 'PRESENCE': found['presence'].append(i.ConceptCodeSequence[0].CodeMeaning)
                if name == '121071': found['finding'].append(i.ConceptCodeSequence[0].CodeMeaning)
            return {'patient': d.PatientID, 'study': d.StudyInstanceUID, 'observed': evidence.StudyInstanceUID,
                'picture': evidence.ReferencedSeriesSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID, **found}
        def instance(path):
            d = pydicom.dcmread(path, stop_before_pixels=True)
            return {'picture': d.SOPInstanceUID, 'patient': d.PatientID, 'study': d.StudyInstanceUID}
        split = sys.argv.index('--')
        print(json.dumps({'reports': [told(p) for p in sys.argv[1:split]], 'pictures': {p: instance(p) for p in sys.argv[split + 1:]}}))
        """;

    private static readonly Answer[] Answers = [Answer.Of(1), Answer.Of(0), Answer.Uncertain, Answer.NotAssessable];

    [Fact]
    public async Task A_report_of_each_radiograph_and_reader_is_valid_and_says_what_was_answered_in_the_study_of_its_file()
    {
        await using var studio = await SmallStudio.OpenPhantomsAsync(40, ["reader-1", "reader-2"], TestContext.Current.CancellationToken, 12);
        foreach (var reader in studio.Work.Options.Readers)
            foreach (var answer in Answers)
                studio.Work.Session.Answer(
                    reader, SmallStudio.Finding, studio.Work.Session.Next(reader, SmallStudio.Finding)!.Picture, answer);
        var folder = studio.File("reports");

        LabelReports.Write(studio.Work, folder).ShouldBe(8);

        string[] reports = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
        reports.Length.ShouldBe(8);
        foreach (var report in reports) ExternalProgram.Run("dciodvfy", "dicom3tools", report); // exits with 1 on an error
        var rows = LabelRow.Of(studio.Work);
        var files = rows.ToDictionary(r => (r.ImageId, r.Reader), r => studio.Work.Originals.PathOf(studio.Work.RowOf(r.ImageId))!);
        using var read = JsonDocument.Parse(ExternalProgram.RunPython("pydicom", Told, [.. reports, "--", .. files.Values.Distinct()]));
        var told = read.RootElement.GetProperty("reports").EnumerateArray().Select(Line).Order(StringComparer.Ordinal);
        var expected = rows.Select(row =>
        {
            var file = read.RootElement.GetProperty("pictures").GetProperty(files[(row.ImageId, row.Reader)]);
            var presence = Answer.Parse(row.Current, 2) switch
            {
                { IsNotAssessable: true } => "",
                { IsUncertain: true } => "Uncertain",
                { Class: 1 } => "Present",
                _ => "Absent",
            };
            string patient = Text(file, "patient"), study = Text(file, "study");
            return $"{patient} {study} {study} {Text(file, "picture")} {row.Reader} Pulmonary edema {presence}";
        });
        told.ShouldBe(expected.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Radiographs_without_DICOM_files_have_no_reports_and_the_error_names_what_is_missing()
    {
        await using var studio = await SmallStudio.OpenAsync(TestContext.Current.CancellationToken);
        studio.Label(1);

        var error = Should.Throw<UserErrorException>(() => LabelReports.Write(studio.Work, studio.File("reports")));

        error.Message.ShouldContain("not at hand");
        error.Message.ShouldContain("'originals'");
    }

    private static string Line(JsonElement report)
    {
        string One(string name) => report.GetProperty(name) is { ValueKind: JsonValueKind.Array } list
            ? string.Join(", ", list.EnumerateArray().Select(e => e.GetString())) : Text(report, name);
        return $"{One("patient")} {One("study")} {One("observed")} {One("picture")} {One("reader")} {One("finding")} {One("presence")}";
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
