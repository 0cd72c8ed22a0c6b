namespace RadTex.Imaging;

internal static class ImageFormats
{
    /// <summary>How many bytes of a file <see cref="Detect"/> wants to see.</summary>
    internal const int HeadLength = 132;

    /// <summary>
    /// The format of a file by its first bytes. DICOM's mark at byte 128 decides before all others: the 128 bytes ahead of it are free, and a
    /// file that is meant to open as TIFF too has that format's mark there (PS3.10, 7.1). Read as TIFF it would lose its modality, window and
    /// polarity.
    /// </summary>
    internal static ImageFormat Detect(ReadOnlySpan<byte> head) =>
        head.Length >= HeadLength && head[128..].StartsWith("DICM"u8) ? ImageFormat.Dicom
        : head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? ImageFormat.Jpeg
        : head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? ImageFormat.Png
        : head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8) || head.StartsWith("II+\0"u8) || head.StartsWith("MM\0+"u8) ? ImageFormat.Tiff
        : ImageFormat.Unknown;
}
