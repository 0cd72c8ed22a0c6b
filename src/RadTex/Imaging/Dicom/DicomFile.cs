using System.IO.Compression;
using RadTex.Files;

namespace RadTex.Imaging.Dicom;

/// <summary>A DICOM file in memory: its transfer syntax and its elements down to the pixel data (PS3.10).</summary>
internal sealed record DicomFile(DicomSyntax Syntax, DicomDataset Dataset)
{
    /// <summary>The largest file that is read: the most pixels, of 16 bits, and room for the rest.</summary>
    internal const int MostBytes = 256 << 20;

    private const int MetaStart = 132, MostMetaBytes = 1 << 20, MostEarlyBytes = 1 << 20;

    // Deflate can make 1 MB of 1 kB. A radiograph, noisy as it is, shrinks to a third; its header and an empty margin to a few per cent.
    private const int MostRatio = 200, AlwaysAllowed = 1 << 20;

    /// <exception cref="ImageFaultException">Damaged, too large, or in a transfer syntax that is not read.</exception>
    internal static DicomFile Read(string path) => Parse(ReadBytes(path));

    /// <summary>The elements of a file, also of one in a syntax that is not read: all but three write them as explicit little endian.</summary>
    /// <exception cref="ImageFaultException">Damaged, or too large.</exception>
    internal static DicomDataset Elements(byte[] bytes)
    {
        var (syntax, start) = Meta(bytes);
        return DicomSyntax.IsRead(syntax) ? Parse(bytes).Dataset
            : new(new DicomParser(bytes, isExplicit: true, isBigEndian: false), start, bytes.Length);
    }

    internal static byte[] ReadBytes(string path)
    {
        using var stream = RegularFile.OpenRead(path);
        if (stream.Length > MostBytes)
            throw new ImageFaultException(ImageFault.TooLarge, $"{stream.Length:N0} bytes of DICOM; at most {MostBytes:N0} are read");
        var bytes = GC.AllocateUninitializedArray<byte>((int)stream.Length);
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The text of an element that stands before the image, without reading that; empty where there is none.</summary>
    /// <exception cref="ImageFaultException">Damaged, or in a transfer syntax that is not read.</exception>
    internal static string EarlyText(string path, uint tag)
    {
        using var stream = RegularFile.OpenRead(path);
        var bytes = new byte[Math.Min(stream.Length, MostEarlyBytes)];
        stream.ReadExactly(bytes);
        var (uid, end) = Meta(bytes);
        var syntax = DicomSyntax.Find(uid);
        return syntax.IsDeflated ? Read(path).Dataset.Text(tag)
            : new DicomDataset(new DicomParser(bytes, syntax.IsExplicit, syntax.IsBigEndian), end, bytes.Length, tag).Text(tag);
    }

    internal static DicomFile Parse(byte[] bytes)
    {
        var (uid, end) = Meta(bytes);
        var syntax = DicomSyntax.Find(uid);
        if (syntax.IsDeflated) (bytes, end) = (Inflate(bytes, end), 0);
        return new DicomFile(syntax, new DicomDataset(new DicomParser(bytes, syntax.IsExplicit, syntax.IsBigEndian), end, bytes.Length));
    }

    /// <summary>The transfer syntax, and where the elements it is of begin.</summary>
    internal static (string Syntax, int Start) Meta(byte[] bytes)
    {
        if (bytes.Length < MetaStart || !bytes.AsSpan(MetaStart - 4, 4).SequenceEqual("DICM"u8))
            throw new ImageFaultException(ImageFault.Unreadable, "damaged DICOM: it lacks the mark of a DICOM file");
        var meta = new DicomParser(bytes, isExplicit: true, isBigEndian: false);
        int end = EndOfMeta(meta, bytes.Length);
        var uid = new DicomDataset(meta, MetaStart, end).Text(DicomTag.TransferSyntax);
        return uid.Length > 0 ? (uid, end)
            : throw new ImageFaultException(ImageFault.Unreadable, "damaged DICOM: it does not say its transfer syntax");
    }

    /// <summary>Where group 2 ends; its stated length is often wrong.</summary>
    private static int EndOfMeta(DicomParser meta, int end)
    {
        int at = MetaStart, most = Math.Min(end, MetaStart + MostMetaBytes);
        while (most - at >= 8 && meta.TagAt(at) >> 16 == 2)
        {
            var element = meta.HeaderAt(at, most, named: true);
            if (element.Length == DicomElement.Undefined)
                throw new ImageFaultException(ImageFault.Unreadable, "damaged DICOM: meta information without a length");
            at = element.Offset + element.Length;
        }
        return at;
    }

    private static byte[] Inflate(byte[] bytes, int start)
    {
        long most = Math.Min(MostBytes, Math.Max(AlwaysAllowed, (long)(bytes.Length - start) * MostRatio));
        using var deflated = new DeflateStream(new MemoryStream(bytes, start, bytes.Length - start, writable: false), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        var buffer = new byte[1 << 16];
        try
        {
            for (int read; (read = deflated.Read(buffer)) > 0; inflated.Write(buffer, 0, read))
                if (inflated.Length + read > most)
                    throw new ImageFaultException(ImageFault.TooLarge, $"it inflates to more than {most:N0} bytes");
        }
        catch (InvalidDataException e)
        {
            throw new ImageFaultException(ImageFault.Unreadable, "damaged DICOM: its deflate stream breaks off", e);
        }
        return inflated.ToArray();
    }
}
