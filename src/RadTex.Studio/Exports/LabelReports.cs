using System.Globalization;
using RadTex.Files;
using RadTex.Imaging;
using RadTex.Imaging.Dicom.Reports;
using RadTex.Studio.Labelling;

namespace RadTex.Studio.Exports;

/// <summary>Labels as DICOM structured reports, one a radiograph and reader, in the study of its own DICOM file.</summary>
public static class LabelReports
{
    /// <summary>Writes them.</summary>
    /// <param name="work">The studio.</param>
    /// <param name="folder">A new folder.</param>
    /// <returns>How many.</returns>
    /// <exception cref="UserErrorException">The radiographs' own DICOM files are not at hand.</exception>
    public static int Write(Workplace work, string folder)
    {
        // What was brought in was read elsewhere: no report of this program says who read it.
        var rows = LabelRow.Of(work).Where(r => r.Policy != LabelBook.ImportPolicy);
        var version = $"RadTex {typeof(LabelReports).Assembly.GetName().Version!.ToString(3)}";
        int count = 0;
        Directory.CreateDirectory(folder);
        foreach (var of in rows.GroupBy(r => (r.ImageId, r.Reader)))
        {
            var path = work.Originals.PathOf(work.RowOf(of.Key.ImageId)) ?? throw NoFiles();
            ReportSubject subject;
            try { subject = ReportSubject.Read(path); }
            catch (ImageFaultException e) { throw NoFiles(e); }
            ReportFinding[] findings = [.. of.Select(r => FindingOf(r, work.Session.Settings.Classes))];
            var bytes = MeasurementReport.Bytes(new(
                subject, new(of.Key.Reader, true, version), findings, of.Max(r => r.Time), [.. of.Select(r => $"{r.Finding} {r.Current}")]));
            AtomicFile.WriteAllBytes(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"report-{++count:00000}.dcm")), bytes);
        }
        return count;
    }

    private static ReportFinding FindingOf(LabelRow row, int classes)
    {
        var answer = Answer.Parse(row.Current, classes);
        var presence = answer.Class is not { } value ? CodedConcept.Uncertain : value > 0 ? CodedConcept.Present : CodedConcept.Absent;
        return new(
            CodedConcept.OfFinding(row.Finding), answer.IsNotAssessable ? null : presence, null, classes > 2 ? answer.Class : null,
            answer.IsNotAssessable ? $"{row.Finding}: not assessable" : row.Finding);
    }

    private static UserErrorException NoFiles(Exception? inner = null) =>
        new("Structured reports belong to the studies of DICOM files, and those of these radiographs are not at hand. "
            + "Expected the setting 'originals' = the folder the dataset was prepared from.", inner!);
}
