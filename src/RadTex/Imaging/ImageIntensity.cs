namespace RadTex.Imaging;

/// <summary>How the values stored in a picture file become grey levels; the names are those of manifests and encoder cards.</summary>
public enum ImageIntensity
{
    /// <summary>
    /// "display": as a radiologist's screen shows it, bone bright. DICOM: modality rescale, window or lookup table, then inversion where low
    /// values are meant to be bright. Other formats: 8-bit values as they are, deeper ones x / max.
    /// </summary>
    Display,

    /// <summary>
    /// "liao": the stored value over the image's maximum after resizing, without window and inversion (the paper's co-authors' preparation,
    /// without its 16-bit wrap).
    /// </summary>
    Liao,

    /// <summary>
    /// "equalised": stored values stretched to 8 bits, inverted where low values are meant to be bright, histogram-equalised (as MIMIC-CXR-JPG was
    /// made).
    /// </summary>
    Equalised,
}
