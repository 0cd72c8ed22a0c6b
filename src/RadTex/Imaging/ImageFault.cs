namespace RadTex.Imaging;

/// <summary>What can be wrong with an image file.</summary>
public enum ImageFault
{
    /// <summary>Damaged or cut off.</summary>
    Unreadable,

    /// <summary>Not a JPEG, PNG, TIFF or DICOM file.</summary>
    UnsupportedFormat,

    /// <summary>DICOM of a kind that is not read: several frames, colour, or a compression for which nothing is at hand.</summary>
    UnsupportedDicom,

    /// <summary>DICOM of another modality than radiography.</summary>
    NotRadiography,

    /// <summary>More pixels than are decoded, or far too long for its width.</summary>
    TooLarge,

    /// <summary>Every pixel has one value.</summary>
    Blank,
}
