using System.IO.MemoryMappedFiles;

namespace RadTex.Files;

/// <summary>A file mapped for reading: what is read of it is copied once, from the page cache to where it is wanted.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? file; // an empty file cannot be mapped
    private readonly MemoryMappedViewAccessor? view;
    private readonly byte* start;

    /// <exception cref="UserErrorException">The file is absent or cannot be opened.</exception>
    internal MappedFile(string path)
    {
        Path = path;
        if (!File.Exists(path)) throw new UserErrorException($"No weights at {path}: there is no such file. Check the path.");
        RegularFile.Require(path);
        try
        {
            Length = new FileInfo(path).Length;
            if (Length == 0) return;
            file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            view = file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"Cannot read {path}: {e.Message}", e);
        }
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        start = pointer + view.PointerOffset;
    }

    internal string Path { get; }

    internal long Length { get; }

    /// <summary>Bytes of the file; a stretch that leaves it is a fault of the caller, who checks first.</summary>
    internal ReadOnlySpan<byte> Span(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{length} bytes of {Length}");
        return new(start + offset, length);
    }

    public void Dispose()
    {
        view?.SafeMemoryMappedViewHandle.ReleasePointer();
        view?.Dispose();
        file?.Dispose();
    }
}
