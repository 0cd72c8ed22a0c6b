using System.IO.Compression;
using System.Text;

namespace RadTex.Files;

/// <summary>
/// Text of files as what it is: strict UTF-8, or UTF-16 and UTF-32 where a byte order mark says so, or an encoding the user names. What is none of
/// that is refused, where .NET would put U+FFFD in its place.
/// </summary>
internal static class TextFile
{
    /// <summary>Stands for bytes that are no text; a noncharacter, which no text holds.</summary>
    internal const char NoText = '\uFFFF';

    /// <summary>An encoding by its name; null for UTF-8, the default, which a byte order mark overrides.</summary>
    /// <exception cref="UserErrorException">There is no such encoding.</exception>
    public static Encoding? ParseEncoding(string? name)
    {
        if (name is null || name.ToUpperInvariant() is "UTF-8" or "UTF8") return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ReplacementFallback, Replacement)
                ?? Encoding.GetEncoding(name, EncoderFallback.ReplacementFallback, Replacement);
        }
        catch (ArgumentException e)
        {
            throw new UserErrorException($"There is no encoding '{name}'. Expected one such as utf-8, utf-16, latin1 or windows-1252.", e);
        }
    }

    /// <summary>Opens a file of text, gzipped where its name ends in ".gz".</summary>
    /// <param name="path">A regular file.</param>
    /// <param name="encoding">As <see cref="ParseEncoding"/> gives it.</param>
    internal static StreamReader Open(string path, Encoding? encoding)
    {
        Span<byte> head = stackalloc byte[4];
        using (var start = OpenBytes(path)) head = head[..start.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        return new StreamReader(OpenBytes(path), Detect(head, encoding), detectEncodingFromByteOrderMarks: false);
    }

    /// <summary>Decodes a file's bytes, its byte order mark left out; bytes that are no text become <see cref="NoText"/>.</summary>
    internal static string Decode(byte[] bytes, Encoding? encoding)
    {
        using var reader = new StreamReader(
            new MemoryStream(bytes, writable: false), Detect(bytes, encoding), detectEncodingFromByteOrderMarks: false);
        return reader.ReadToEnd();
    }

    /// <summary>Why a text is none; null where it is one.</summary>
    internal static string? Fault(ReadOnlySpan<char> text) => text.IndexOfAny(NoText, '\0') switch
    {
        < 0 => null,
        int at when text[at] == NoText => "not UTF-8; name its encoding, such as windows-1252, or save it as UTF-8",
        _ => "no text: it holds a character of value 0; where it is UTF-16, name that encoding",
    };

    private static DecoderReplacementFallback Replacement => new(NoText.ToString());

    private static Encoding Detect(ReadOnlySpan<byte> head, Encoding? encoding)
    {
        // Encodings whose preamble is the mark: the reader then skips it.
        var marked = head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) ? new UTF32Encoding(bigEndian: false, byteOrderMark: true)
            : head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]) ? new UTF32Encoding(bigEndian: true, byteOrderMark: true)
            : head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? new UnicodeEncoding(bigEndian: false, byteOrderMark: true)
            : head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? new UnicodeEncoding(bigEndian: true, byteOrderMark: true)
            : encoding ?? (Encoding)new UTF8Encoding(encoderShouldEmitUTF8Identifier: true);
        var strict = (Encoding)marked.Clone();
        strict.DecoderFallback = Replacement;
        return strict;
    }

    private static Stream OpenBytes(string path)
    {
        Stream stream = RegularFile.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }
}
