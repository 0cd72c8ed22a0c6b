namespace RadTex.Imaging.Dicom.Reports;

/// <summary>Who made an object of another one (PS3.3, C.12.1.1.5), as IHE AI Results asks: the model's hash is in it.</summary>
internal static class ContributingEquipment
{
    internal const uint Tag = 0x0018_A001;

    private const int LongestText = 1024;

    internal static DicomContent Of(ReportAlgorithm algorithm, ReportObserver by, string? notice)
    {
        var description = $"{algorithm.Name}, {algorithm.Parameters}{(notice is null ? "" : $". {notice}")}";
        return new DicomContent().Text(DicomTag.Manufacturer, "LO", MeasurementReport.Maker).Text(0x0008_1090, "LO", CodedConcept.Plain(by.Name))
            .Text(0x0018_1002, "UI", by.DeviceUid).Text(0x0018_1020, "LO", by.Version, algorithm.Version)
            .Text(0x0018_A003, "ST", CodedConcept.Plain(description[..Math.Min(description.Length, LongestText)]))
            .Sequence(0x0040_A170, new CodedConcept("109102", "DCM", "Processing Equipment").Content());
    }
}
