using System.Globalization;
using System.Runtime.InteropServices;
using RadTex.Imaging.Dicom;

namespace RadTex.Phantoms;

/// <summary>A phantom as a DICOM file: a digital radiograph for presentation, whose patient is called SYNTHETIC.</summary>
internal static class PhantomDicom
{
    private const string DigitalXRayForPresentation = "1.2.840.10008.5.1.4.1.1.1.1";

    internal static byte[] Bytes(PhantomPatient patient, PhantomStudy study, Exposure exposure, PhantomRadiograph radiograph, int bits)
    {
        int largest = (1 << bits) - 1;
        string id = string.Create(CultureInfo.InvariantCulture, $"p{patient.SubjectId}"),
            studyId = string.Create(CultureInfo.InvariantCulture, $"s{study.StudyId}");
        var content = new DicomContent()
            .Text(0x0008_0005, "CS", "ISO_IR 192").Text(0x0008_0008, "CS", "DERIVED", "PRIMARY")
                .Text(DicomTag.SopClass, "UI", DigitalXRayForPresentation)
            .Text(DicomTag.SopInstance, "UI", DicomContent.UidOf("phantom", exposure.DicomId)).Text(0x0008_0020, "DA", "21000101")
            .Text(0x0008_0023, "DA", "21000101").Text(0x0008_0030, "TM", "000000").Text(0x0008_0033, "TM", "000000").Text(0x0008_0050, "SH", "")
            .Text(DicomTag.Modality, "CS", "DX").Text(0x0008_0068, "CS", "FOR PRESENTATION").Text(0x0008_0070, "LO", "RadTex phantoms")
            .Text(0x0008_0090, "PN", "").Text(0x0010_0010, "PN", "SYNTHETIC^PHANTOM").Text(0x0010_0020, "LO", id)
            .Text(0x0010_0030, "DA", "").Text(0x0010_0040, "CS", "O").Text(DicomTag.BodyPartExamined, "CS", "CHEST")
            .Text(DicomTag.ViewPosition, "CS", study.IsAnteroposterior ? "AP" : "PA").Text(0x0018_1164, "DS", "0.14", "0.14")
            .Text(0x0018_1508, "CS", "").Text(0x0018_7004, "CS", "")
            .Text(0x0020_000D, "UI", DicomContent.UidOf("phantom", studyId)).Text(0x0020_000E, "UI", DicomContent.UidOf("phantom", studyId, "series"))
            .Text(0x0020_0010, "SH", studyId).Text(0x0020_0011, "IS", "1").Text(0x0020_0013, "IS", "1").Text(0x0020_0020, "CS", "L", "F")
            .Text(0x0020_0062, "CS", "U").Text(0x0020_4000, "LT", "SYNTHETIC radiograph (RadTex phantom). Not a patient.")
            .Words(DicomTag.SamplesPerPixel, 1).Text(DicomTag.PhotometricInterpretation, "CS", "MONOCHROME2")
                .Words(DicomTag.Rows, (ushort)radiograph.Height)
            .Words(DicomTag.Columns, (ushort)radiograph.Width).Words(DicomTag.BitsAllocated, 16).Words(DicomTag.BitsStored, (ushort)bits)
            .Words(DicomTag.HighBit, (ushort)(bits - 1)).Words(DicomTag.PixelRepresentation, 0).Text(0x0028_0301, "CS", "NO")
            .Text(0x0028_1040, "CS", "LOG").Bytes(0x0028_1041, "SS", [1, 0]).Number(DicomTag.WindowCenter, (largest + 1) / 2.0)
                .Number(DicomTag.WindowWidth, largest + 1)
            .Text(DicomTag.RescaleIntercept, "DS", "0").Text(DicomTag.RescaleSlope, "DS", "1").Text(0x0028_1054, "LO", "US")
                .Text(0x0028_2110, "CS", "00")
            .Text(DicomTag.PresentationLutShape, "CS", "IDENTITY")
            .Bytes(DicomTag.PixelData, "OW", MemoryMarshal.AsBytes<ushort>(radiograph.Words));
        content.Sequence(DicomTag.AnatomicRegionSequence, Code("43799004", "SCT", "Chest"));
        content.Sequence(
            DicomTag.ViewCodeSequence,
            study.IsAnteroposterior ? Code("399033003", "SCT", "antero-posterior") : Code("399348003", "SCT", "postero-anterior"));
        content.Sequence(0x0040_0555); // no acquisition context
        return content.ToFile();
    }

    private static DicomContent Code(string value, string scheme, string meaning) =>
        new DicomContent().Text(0x0008_0100, "SH", value).Text(0x0008_0102, "SH", scheme).Text(DicomTag.CodeMeaning, "LO", meaning);
}
