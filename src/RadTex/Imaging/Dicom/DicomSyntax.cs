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

    internal static bool IsRead(string uid)
    {
        try { return Find(uid) is not null; }
        catch (ImageFaultException) { return false; }
    }

    /// <exception cref="ImageFaultException">It is not read, or no unique identifier at all.</exception>
    internal static DicomSyntax Find(string uid)
    {
        if (!uid.StartsWith(Prefix, StringComparison.Ordinal) || uid.Length > 32 || uid.Any(c => c != '.' && !char.IsAsciiDigit(c)))
            throw new ImageFaultException(ImageFault.UnsupportedDicom, "its transfer syntax is none of the standard's");
        return uid[Prefix.Length..] switch
        {
            "" => new("implicit little endian", PixelCoding.Native, IsExplicit: false),
            ".1" => new("explicit little endian", PixelCoding.Native),
            ".1.99" => new("deflated little endian", PixelCoding.Native, IsDeflated: true),
            ".2" => new("explicit big endian", PixelCoding.Native, IsBigEndian: true),
            ".5" => new("run length", PixelCoding.RunLength),
            ".4.50" => new("JPEG baseline", PixelCoding.JpegBaseline),
            ".4.51" => new("JPEG extended", PixelCoding.Jpeg),
            ".4.57" or ".4.70" => new("JPEG lossless", PixelCoding.Jpeg),
            ".4.80" or ".4.81" => new("JPEG-LS", PixelCoding.Converter),
            ".4.90" or ".4.91" => new("JPEG 2000", PixelCoding.Converter),
            _ => throw new ImageFaultException(ImageFault.UnsupportedDicom, $"transfer syntax {uid} is not read"),
        };
    }
}
