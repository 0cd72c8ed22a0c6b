namespace RadTex.Imaging;

/// <summary>What can be wrong with an image file.</summary>
public enum ImageFault
{
    /// <summary>Damaged or cut off.</summary>
    Unreadable,

    /// <summary>Not a JPEG, PNG or TIFF.</summary>
    UnsupportedFormat,

    /// <summary>DICOM, which is not read yet.</summary>
    Dicom,

    /// <summary>More pixels than are decoded, or far too long for its width.</summary>
    TooLarge,

    /// <summary>Every pixel has one value.</summary>
    Blank,
}
