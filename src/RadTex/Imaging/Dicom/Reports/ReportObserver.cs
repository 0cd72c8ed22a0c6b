namespace RadTex.Imaging.Dicom.Reports;

/// <summary>Who or what says what a report says.</summary>
/// <param name="Name">A reader's handle, or the device's name.</param>
/// <param name="IsPerson">Whether it is a reader.</param>
/// <param name="Version">The program's.</param>
public sealed record ReportObserver(string Name, bool IsPerson, string Version)
{
    /// <summary>The device's identifier, the same for the same name and version.</summary>
    public string DeviceUid => DicomContent.UidOf("device", Name, Version);
}
