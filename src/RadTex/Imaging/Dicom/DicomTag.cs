namespace RadTex.Imaging.Dicom;

/// <summary>The tags that are asked for, group in the upper half (PS3.6).</summary>
internal static class DicomTag
{
    internal const uint MetaVersion = 0x0002_0001;
    internal const uint MetaClass = 0x0002_0002;
    internal const uint MetaInstance = 0x0002_0003;
    internal const uint TransferSyntax = 0x0002_0010;
    internal const uint MetaImplementation = 0x0002_0012;
    internal const uint MetaImplementationName = 0x0002_0013;
    internal const uint CharacterSet = 0x0008_0005;
    internal const uint SopClass = 0x0008_0016;
    internal const uint SopInstance = 0x0008_0018;
    internal const uint Modality = 0x0008_0060;
    internal const uint Manufacturer = 0x0008_0070;
    internal const uint CodeMeaning = 0x0008_0104;
    internal const uint StationName = 0x0008_1010;
    internal const uint AnatomicRegionSequence = 0x0008_2218;
    internal const uint PatientId = 0x0010_0020;
    internal const uint BodyPartExamined = 0x0018_0015;
    internal const uint ViewPosition = 0x0018_5101;
    internal const uint StudyInstance = 0x0020_000D;
    internal const uint SeriesInstance = 0x0020_000E;
    internal const uint SamplesPerPixel = 0x0028_0002;
    internal const uint PhotometricInterpretation = 0x0028_0004;
    internal const uint NumberOfFrames = 0x0028_0008;
    internal const uint Rows = 0x0028_0010;
    internal const uint Columns = 0x0028_0011;
    internal const uint BitsAllocated = 0x0028_0100;
    internal const uint BitsStored = 0x0028_0101;
    internal const uint HighBit = 0x0028_0102;
    internal const uint PixelRepresentation = 0x0028_0103;
    internal const uint PixelPaddingValue = 0x0028_0120;
    internal const uint PixelPaddingRangeLimit = 0x0028_0121;
    internal const uint WindowCenter = 0x0028_1050;
    internal const uint WindowWidth = 0x0028_1051;
    internal const uint RescaleIntercept = 0x0028_1052;
    internal const uint RescaleSlope = 0x0028_1053;
    internal const uint VoiLutFunction = 0x0028_1056;
    internal const uint ModalityLutSequence = 0x0028_3000;
    internal const uint LutDescriptor = 0x0028_3002;
    internal const uint LutData = 0x0028_3006;
    internal const uint VoiLutSequence = 0x0028_3010;
    internal const uint ViewCodeSequence = 0x0054_0220;
    internal const uint PresentationLutShape = 0x2050_0020;
    internal const uint PixelData = 0x7FE0_0010;
    internal const uint Item = 0xFFFE_E000;
    internal const uint ItemEnd = 0xFFFE_E00D;
    internal const uint SequenceEnd = 0xFFFE_E0DD;

    /// <summary>A tag for a message, such as (0028,0010).</summary>
    internal static string Text(uint tag) => $"({tag >> 16:X4},{tag & 0xFFFF:X4})";
}
