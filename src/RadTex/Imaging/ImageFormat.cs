namespace RadTex.Imaging;

/// <summary>The kinds of picture files told by their first bytes; the name's ending is not asked.</summary>
internal enum ImageFormat
{
    Unknown,
    Jpeg,
    Png,
    Tiff,
    Dicom,
}
