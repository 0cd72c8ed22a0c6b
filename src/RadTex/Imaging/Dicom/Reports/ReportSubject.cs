namespace RadTex.Imaging.Dicom.Reports;

/// <summary>The radiograph that a report is of, as its own file names it: a report belongs to the same patient and study.</summary>
/// <param name="SopClass">Of the image.</param>
/// <param name="SopInstance">Of the image.</param>
/// <param name="SeriesUid">Of the image.</param>
/// <param name="StudyUid">Of the study.</param>
/// <param name="Elements">Patient's and study's elements that a report repeats byte for byte, by tag, with the character set they are in.</param>
public sealed record ReportSubject(
    string SopClass, string SopInstance, string SeriesUid, string StudyUid, IReadOnlyDictionary<uint, (string Representation, byte[] Value)> Elements)
{
    // Character set; patient's name, id, birth date and sex; study's date, time, accession number, referring physician, id.
    private static readonly (uint Tag, string Representation)[] Repeated =
    [
        (DicomTag.CharacterSet, "CS"), (0x0010_0010, "PN"), (0x0010_0020, "LO"), (0x0010_0030, "DA"), (0x0010_0040, "CS"), (0x0008_0020, "DA"),
        (0x0008_0030, "TM"), (0x0008_0050, "SH"), (0x0008_0090, "PN"), (0x0020_0010, "SH"),
    ];

    // Longer than any value of these kinds may be; the file is not trusted.
    private const int LongestValue = 1024;

    /// <summary>Reads them of a file.</summary>
    /// <exception cref="ImageFaultException">The file is no DICOM file, or lacks an identifier.</exception>
    public static ReportSubject Read(string path) => Of(DicomFile.Elements(DicomFile.ReadBytes(path)));

    internal static ReportSubject Of(DicomDataset data)
    {
        string Need(uint tag, string what) => DicomUid.IsValid(data.Text(tag)) ? data.Text(tag)
            : throw new ImageFaultException(ImageFault.UnsupportedDicom, $"it has no valid {what}, which a report must name");
        return new(
            Need(DicomTag.SopClass, "SOP class"), Need(DicomTag.SopInstance, "SOP instance"), Need(DicomTag.SeriesInstance, "series"),
            Need(DicomTag.StudyInstance, "study"), Repeated.Where(r => r.Tag != DicomTag.CharacterSet || data.Find(r.Tag) is not null)
                .ToDictionary(r => r.Tag, r => (r.Representation, data.Bytes(r.Tag) is { Length: <= LongestValue } value ? value.ToArray() : [])));
    }
}
