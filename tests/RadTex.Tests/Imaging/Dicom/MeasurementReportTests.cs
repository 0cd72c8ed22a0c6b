using RadTex.Imaging.Dicom.Reports;

namespace RadTex.Tests.Imaging.Dicom;

/// <summary>Structured reports of our own writing, read by others.</summary>
public sealed class MeasurementReportTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly ReportFinding[] Findings =
    [
        new(CodedConcept.OfFinding("Edema"), CodedConcept.Present, 0.8125, null, "Edema"),
        new(CodedConcept.OfFinding("Lung Opacity"), CodedConcept.Absent, null, null, "Lung Opacity"),
        new(CodedConcept.OfFinding("Severity"), null, null, 2, "Severity"),
    ];

    public static TheoryData<bool> Observers => [true, false];

    [Theory]
    [MemberData(nameof(Observers))]
    public void A_report_is_valid_and_says_what_was_said(bool isPerson)
    {
        using var folder = new TemporaryFolder();
        var report = folder.File("report.dcm");
        File.WriteAllBytes(
            report, MeasurementReport.Bytes(new(Subject(folder), new(isPerson ? "reader-1" : "chest-1", isPerson, "RadTex 0.1.0"), Findings, Noon)));
        ExternalProgram.Run("dciodvfy", "dicom3tools", report);
        var text = ExternalProgram.Run("dsrdump", "dcmtk", "+Pc", report);
        text.ShouldContain("Pulmonary edema");
        text.ShouldContain("0.8125");
        text.ShouldContain("Absent");
        text.ShouldContain(isPerson ? "reader-1" : "chest-1");
        var read = ExternalProgram.RunPython(
            "pydicom",
            "import pydicom, sys\nd = pydicom.dcmread(sys.argv[1])\nprint(d.PatientID, d.StudyInstanceUID, d.Modality, len(d.ContentSequence))",
            report);
        read.Trim().ShouldBe($"p7 1.2.826.0.1.3680043.2.1125.2 SR {(isPerson ? 6 : 9)}");
    }

    [Fact]
    public void The_same_report_has_the_same_identifier_and_another_one_another()
    {
        using var folder = new TemporaryFolder();
        var subject = Subject(folder);
        ReportObserver reader = new("reader-1", true, "RadTex 0.1.0");
        byte[] once = MeasurementReport.Bytes(new(subject, reader, Findings, Noon, "Edema 1")),
            twice = MeasurementReport.Bytes(new(subject, reader, Findings, Noon, "Edema 1")),
            other = MeasurementReport.Bytes(new(subject, reader, Findings, Noon, "Edema 0"));
        twice.ShouldBe(once);
        other.ShouldNotBe(once);
    }

    private static ReportSubject Subject(TemporaryFolder folder)
    {
        var path = folder.File("radiograph.dcm");
        DicomDocument.Radiograph(8, 8, (x, y) => x + y).Text(0x0010_0010, "PN", "SYNTHETIC^PHANTOM").Text(0x0010_0020, "LO", "p7")
            .Text(0x0010_0030, "DA", "").Text(0x0010_0040, "CS", "O").Text(0x0008_0020, "DA", "20260504").Write(path);
        return ReportSubject.Read(path);
    }
}
