using RadTex.Imaging.Jpeg;

namespace RadTex.Imaging.Dicom;

/// <summary>How pixels are coded.</summary>
internal enum PixelCoding
{
    Native,
    RunLength,

    /// <summary>8-bit sequential JPEG, which libjpeg reads.</summary>
    JpegBaseline,

    /// <summary>Sequential JPEG of 8 or 12 bits and lossless JPEG, which <see cref="JpegDecoder"/> reads.</summary>
    Jpeg,

    /// <summary>JPEG 2000 and JPEG-LS, which another program turns into native pixels.</summary>
    Converter,
}

/// <summary>A transfer syntax: how the elements and the pixels of a file are written (PS3.5, annex A).</summary>
/// <param name="Name">For messages.</param>
/// <param name="Coding">Of the pixels.</param>
/// <param name="IsExplicit">Whether elements name their value representation.</param>
/// <param name="IsBigEndian">The order of bytes.</param>
/// <param name="IsDeflated">Whether everything after the meta information is a deflate stream.</param>
internal sealed record DicomSyntax(string Name, PixelCoding Coding, bool IsExplicit = true, bool IsBigEndian = false, bool IsDeflated = false)
{
    private const string Prefix = "1.2.840.10008.1.2";

    /// <summary>Those that are read, by their identifiers.</summary>
    internal static IReadOnlyDictionary<string, DicomSyntax> All { get; } = new Dictionary<string, DicomSyntax>
    {
        [Prefix] = new("implicit little endian", PixelCoding.Native, IsExplicit: false),
        [Prefix + ".1"] = new("explicit little endian", PixelCoding.Native),
        [Prefix + ".1.99"] = new("deflated little endian", PixelCoding.Native, IsDeflated: true),
        [Prefix + ".2"] = new("explicit big endian", PixelCoding.Native, IsBigEndian: true),
        [Prefix + ".5"] = new("run length", PixelCoding.RunLength),
        [Prefix + ".4.50"] = new("JPEG baseline", PixelCoding.JpegBaseline),
        [Prefix + ".4.51"] = new("JPEG extended", PixelCoding.Jpeg),
        [Prefix + ".4.57"] = new("JPEG lossless", PixelCoding.Jpeg),
        [Prefix + ".4.70"] = new("JPEG lossless", PixelCoding.Jpeg),
        [Prefix + ".4.80"] = new("JPEG-LS", PixelCoding.Converter),
        [Prefix + ".4.81"] = new("JPEG-LS", PixelCoding.Converter),
        [Prefix + ".4.90"] = new("JPEG 2000", PixelCoding.Converter),
        [Prefix + ".4.91"] = new("JPEG 2000", PixelCoding.Converter),
    };

    internal static bool IsRead(string uid) => All.ContainsKey(uid);

    /// <exception cref="ImageFaultException">It is not read, or no unique identifier at all.</exception>
    internal static DicomSyntax Find(string uid)
    {
        if (!uid.StartsWith(Prefix, StringComparison.Ordinal) || uid.Length > 32 || uid.Any(c => c != '.' && !char.IsAsciiDigit(c)))
            throw new ImageFaultException(ImageFault.UnsupportedDicom, "its transfer syntax is none of the standard's");
        return All.TryGetValue(uid, out var known) ? known
            : throw new ImageFaultException(ImageFault.UnsupportedDicom, $"transfer syntax {uid} is not read");
    }
}
