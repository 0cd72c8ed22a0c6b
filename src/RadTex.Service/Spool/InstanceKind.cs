namespace RadTex.Service.Spool;

/// <summary>What was received.</summary>
internal enum InstanceKind
{
    /// <summary>A DICOM instance: its answer is a report too.</summary>
    Dicom,

    /// <summary>A JPEG, PNG or TIFF file: its answer is JSON alone.</summary>
    Picture,
}
