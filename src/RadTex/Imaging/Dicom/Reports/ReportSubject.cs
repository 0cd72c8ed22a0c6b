namespace RadTex.Imaging.Dicom.Reports;

/// <summary>The radiograph that a report is of, as its own file names it: a report belongs to the same patient and study.</summary>
/// <param name="SopClass">Of the image.</param>
/// <param name="SopInstance">Of the image.</param>
/// <param name="SeriesUid">Of the image.</param>
/// <param name="StudyUid">Of the study.</param>
/// <param name="Elements">Patient's and study's elements that a report repeats, by tag: representation and text.</param>
public sealed record ReportSubject(
    string SopClass, string SopInstance, string SeriesUid, string StudyUid, IReadOnlyDictionary<uint, (string Representation, string Text)> Elements)
{
    // Patient's name, id, birth date and sex; study's date, time, accession number, referring physician, id.
    private static readonly (uint Tag, string Representation)[] Repeated =
    [
        (0x0010_0010, "PN"), (0x0010_0020, "LO"), (0x0010_0030, "DA"), (0x0010_0040, "CS"), (0x0008_0020, "DA"), (0x0008_0030, "TM"),
        (0x0008_0050, "SH"), (0x0008_0090, "PN"), (0x0020_0010, "SH"),
    ];

    /// <summary>Reads them of a file.</summary>
    /// <exception cref="ImageFaultException">The file is no DICOM file, or lacks an identifier.</exception>
    public static ReportSubject Read(string path)
    {
        var data = DicomFile.Read(path).Dataset;
        string Need(uint tag, string what) => data.Text(tag) is { Length: > 0 } text ? text
            : throw new ImageFaultException(ImageFault.UnsupportedDicom, $"it has no {what}, which a report must name");
        return new(
            Need(DicomTag.SopClass, "SOP class"), Need(DicomTag.SopInstance, "SOP instance"), Need(0x0020_000E, "series"), Need(0x0020_000D, "study"),
            Repeated.ToDictionary(r => r.Tag, r => (r.Representation, data.Text(r.Tag))));
    }
}
