using System.Security.Cryptography;
using RadTex.Data;
using RadTex.Imaging;
using RadTex.Studies.Archives;

namespace RadTex.Studio.Pictures;

/// <summary>
/// The radiographs of a dataset as a reader sees them: the files they were prepared from at full size, where those are there; else the dataset's own
/// bytes. A few are kept open. Safe for use by several threads.
/// </summary>
public sealed class Originals : IDisposable
{
    private const int MostKept = 8;

    private readonly PreparedDataset dataset;
    private readonly SourceFolder? folder;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim reading = new(Environment.ProcessorCount);
    private readonly LinkedList<(int Row, Lazy<FullRadiograph> Picture)> kept = [];

    /// <summary>The pictures of a dataset, from their files where these are at hand.</summary>
    /// <param name="dataset">Stays the caller's to dispose.</param>
    /// <param name="root">The folder its files lie in; null for where they were prepared from.</param>
    /// <exception cref="UserErrorException">A folder is named that is not there.</exception>
    public Originals(PreparedDataset dataset, string? root = null)
    {
        this.dataset = dataset;
        var source = dataset.Manifest.Source;
        if (root is not null) folder = new(root);
        // A drawn dataset has no files.
        else if (Path.IsPathFullyQualified(source.Root) && Directory.Exists(source.Root)) folder = new(source.Root);
        FromFiles = folder is not null && dataset.Radiographs.Any(r => folder.Resolve(r.ImagePath) is { } path && File.Exists(path));
    }

    /// <summary>Whether files are shown, rather than the dataset's smaller pictures.</summary>
    public bool FromFiles { get; }

    /// <summary>A radiograph at full size.</summary>
    /// <param name="row">Of the dataset.</param>
    /// <exception cref="UserErrorException">Its file is gone, damaged, or no longer the picture that was prepared.</exception>
    public FullRadiograph Open(int row)
    {
        Lazy<FullRadiograph> picture;
        lock (gate)
        {
            var known = kept.FirstOrDefault(k => k.Row == row);
            if (known.Picture is not null) kept.Remove(known);
            picture = known.Picture ?? new(() => Read(row));
            kept.AddFirst((row, picture));
            if (kept.Count > MostKept) kept.RemoveLast();
        }
        try { return picture.Value; }
        catch (UserErrorException)
        {
            lock (gate)
                if (kept.FirstOrDefault(k => k.Row == row) is { Picture: not null } failed) kept.Remove(failed);
            throw;
        }
    }

    /// <summary>A radiograph made smaller to fit, and at full size; as many at a time as there are processors, in the order asked.</summary>
    /// <param name="row">Of the dataset.</param>
    /// <param name="height">Rows there is room for.</param>
    /// <param name="width">Columns there is room for.</param>
    /// <param name="cancellation">Of who waits for it.</param>
    /// <exception cref="UserErrorException">Its file is gone, damaged, or no longer the picture that was prepared.</exception>
    internal async Task<(FullRadiograph Picture, FullRadiograph Whole)> FitAsync(
        int row, int height, int width, CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await OwnThread.RunAsync(() =>
            {
                var whole = Open(row);
                return (whole.Fit(height, width), whole);
            }).ConfigureAwait(false);
        }
        finally { reading.Release(); }
    }

    /// <summary>The SHA-256 of a radiograph's prepared size and bytes, lower-case hexadecimal: what a project knows it by.</summary>
    public static string HashOf(PreparedDataset dataset, int row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(dataset[row].Height));
        hash.AppendData(BitConverter.GetBytes(dataset[row].Width));
        hash.AppendData(dataset.Pixels(row));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The file of a radiograph; null where there is none at hand.</summary>
    internal string? PathOf(int row) => FromFiles && folder!.Resolve(dataset[row].ImagePath) is { } path && File.Exists(path) ? path : null;

    /// <summary>Ends reading; the dataset stays the caller's.</summary>
    public void Dispose() => reading.Dispose();

    private FullRadiograph Read(int row)
    {
        var radiograph = dataset[row];
        if (!FromFiles) return FullRadiograph.Of(dataset.Pixels(row), radiograph.Height, radiograph.Width);
        // No path and no id in what is said: it is shown in a page.
        if (PathOf(row) is not { } path)
            throw new UserErrorException(
                $"The file of radiograph {row} was removed since the dataset was prepared. Put it back, or press Space for the next one.");
        try { return FullRadiographReader.Read(path, anyModality: true); }
        catch (ImageFaultException e)
        {
            throw new UserErrorException($"The file of radiograph {row} cannot be shown: {e.Message}. Press Space for the next one.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The file of radiograph {row} cannot be opened. Press Space for the next one.", e);
        }
    }
}
