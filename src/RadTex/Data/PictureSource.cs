namespace RadTex.Data;

/// <summary>A picture that is to be read: a file, or the bytes or the stream of one, in any format that files are read in.</summary>
/// <remarks>Bytes and streams go through a temporary file that only this user can read, deleted with the reading: the decoders read files.</remarks>
public sealed class PictureSource
{
    private readonly string? path;
    private readonly Action<FileStream>? fill;

    private PictureSource(string name, string? path, Action<FileStream>? fill) => (Name, this.path, this.fill) = (name, path, fill);

    /// <summary>What results call it.</summary>
    public string Name { get; }

    /// <summary>A file.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="name">What results call it; null for the path.</param>
    public static PictureSource File(string path, string? name = null) => new(name ?? path, path, null);

    /// <summary>A picture in memory.</summary>
    public static PictureSource Bytes(string name, ReadOnlyMemory<byte> bytes) => new(name, null, file => file.Write(bytes.Span));

    /// <summary>A picture from elsewhere, such as an upload.</summary>
    /// <param name="name">What results call it.</param>
    /// <param name="open">Opens it when its turn comes, on any thread; what it gives is disposed of.</param>
    public static PictureSource Stream(string name, Func<Stream> open) => new(name, null, file =>
    {
        using var stream = open();
        stream.CopyTo(file);
    });

    /// <summary>A name that may not be read.</summary>
    internal static PictureSource Refused(string name, string reason) => new(name, null, _ => throw new IOException(reason));

    /// <summary>Gives the picture as a file for as long as it is read.</summary>
    internal T Read<T>(Func<string, T> read)
    {
        if (path is not null) return read(path);
        var temporary = Path.GetTempFileName();
        try
        {
            using (var file = System.IO.File.OpenWrite(temporary)) fill!(file);
            return read(temporary);
        }
        finally
        {
            System.IO.File.Delete(temporary);
        }
    }
}
