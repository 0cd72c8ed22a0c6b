using System.IO.MemoryMappedFiles;
using RadTex.Files;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Data;

/// <summary>
/// A prepared dataset, opened for reading: the rows in memory, the pixels mapped from <c>pixels.npy</c> (their pages are shared
/// between processes and cost no memory of the program's own). Reading from many threads at once is safe.
/// </summary>
public sealed unsafe class PreparedDataset : IDisposable
{
    private const int LargestSide = 65_535;

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly Dictionary<Split, int[]> indices;
    private readonly Lazy<StudyIndex> studies;
    private readonly byte* pixels;
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle handle;
    private readonly long fileLength;
    private bool disposed;

    private PreparedDataset(
        string folder, DatasetManifest manifest, IReadOnlyList<PreparedRadiograph> rows, FileStream stream, int dataOffset)
    {
        Folder = folder;
        Manifest = manifest;
        Radiographs = rows;
        studies = new(() => new(rows));
        LabelNames = manifest.Labels.Select(l => l.Name).ToArray();
        indices = SplitNames.All.ToDictionary(split => split, split => rows.Where(r => r.Split == split).Select(r => r.Index).ToArray());
        (handle, fileLength) = (stream.SafeFileHandle, stream.Length);
        file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        pixels = start + view.PointerOffset + dataOffset;
    }

    /// <summary>The folder as it was given.</summary>
    public string Folder { get; }

    /// <summary>What <c>manifest.json</c> says: source, labels, counts, hashes.</summary>
    public DatasetManifest Manifest { get; }

    /// <summary>The dataset's hash: it changes with any pixel, row or reject.</summary>
    public string Hash => Manifest.Hash;

    /// <summary>The number of radiographs, at least 1.</summary>
    public int Count => Radiographs.Count;

    /// <summary>The shorter side of every radiograph, in pixels.</summary>
    public int ShortSide => Manifest.ShortSide;

    /// <summary>How its picture files became its bytes.</summary>
    public PicturePreparation Preparation => new(ShortSide, Manifest.Intensity);

    /// <summary>The labels, in the order of <see cref="PreparedRadiograph.Labels"/>.</summary>
    public IReadOnlyList<string> LabelNames { get; }

    /// <summary>All rows, by index.</summary>
    public IReadOnlyList<PreparedRadiograph> Radiographs { get; }

    /// <summary>Which rows are of one study and of one patient; made when first asked for.</summary>
    public StudyIndex Studies => studies.Value;

    /// <summary>The row at a place, 0 to <see cref="Count"/> - 1.</summary>
    public PreparedRadiograph this[int index] => Radiographs[index];

    /// <summary>
    /// Opens a folder that <c>radtex prepare</c> made, and checks that its parts fit each other (not its hashes: see <see cref="DatasetVerifier"/>).
    /// </summary>
    /// <exception cref="UserErrorException">The folder is no prepared dataset, or a file is missing, cut off or does not fit the others.</exception>
    public static PreparedDataset Open(string folder)
    {
        var manifestPath = Path.Combine(folder, DatasetFiles.Manifest);
        if (!File.Exists(manifestPath))
        {
            var unfinished = Directory.Exists(Path.TrimEndingDirectorySeparator(folder) + AtomicFile.TemporarySuffix)
                ? "Its preparation was interrupted: run the same step 'prepare' again, it goes on where it stopped."
                : "Expected a folder that the step 'prepare' made.";
            var found = Directory.Exists(folder) ? $"it has no {DatasetFiles.Manifest}" : "there is no such folder";
            throw new UserErrorException($"{folder} is no prepared dataset: {found}. {unfinished}");
        }
        var manifest = DatasetManifest.Read(manifestPath);
        CheckManifest(manifest, manifestPath);
        foreach (var name in DatasetFiles.Hashed(manifest.Files)) CheckLength(folder, name, manifest);

        var pixelsPath = Path.Combine(folder, DatasetFiles.Pixels);
        var stream = RegularFile.OpenRead(pixelsPath, 1, FileOptions.RandomAccess);
        try
        {
            var (length, dataOffset) = ReadHeader(stream, pixelsPath);
            if (manifest.Count < 1 || manifest.Count > length)
                throw new UserErrorException(
                    $"{manifestPath} says {manifest.Count:N0} radiographs, {pixelsPath} has {length:N0} pixels: they do not fit. "
                        + "Prepare the dataset again.");
            var labelNames = manifest.Labels.Select(l => l.Name).ToArray();
            var studiesPath = Path.Combine(folder, DatasetFiles.Studies);
            var rows = StudiesTable.Read(studiesPath, manifest.Count, labelNames);
            CheckLayout(rows, length, manifest.ShortSide, studiesPath);
            return new PreparedDataset(folder, manifest, rows, stream, dataOffset);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The pixels of a radiograph, row by row from the top left: height x width bytes, 0 black (air) to 255 white.</summary>
    /// <exception cref="UserErrorException">The file was cut off since it was opened.</exception>
    public ReadOnlySpan<byte> Pixels(int index)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        RequireWhole();
        var row = Radiographs[index];
        return new ReadOnlySpan<byte>(pixels + row.PixelOffset, row.Height * row.Width);
    }

    // Reading a mapped page that a shorter file no longer has ends the process without a word (SIGBUS). One question to the system a
    // radiograph leaves only the microseconds between it and the copying.
    private void RequireWhole()
    {
        if (RandomAccess.GetLength(handle) is var length && length < fileLength)
            throw new UserErrorException(
                $"{Path.Combine(Folder, DatasetFiles.Pixels)} was cut to {length:N0} bytes while it was read. Expected "
                    + $"{fileLength:N0}. Find what changes it, and copy or prepare the dataset again.");
    }

    /// <summary>A radiograph made smaller for a page, at a short side of at most <paramref name="shortSide"/> pixels.</summary>
    public (byte[] Pixels, int Height, int Width) Thumbnail(int index, int shortSide)
    {
        var row = Radiographs[index];
        if (ShortSide <= shortSide) return (Pixels(index).ToArray(), row.Height, row.Width);
        var (height, width) = AreaReduction.Size(row.Height, row.Width, shortSide);
        var reduced = new float[height * width];
        AreaReduction.Reduce(Pixels(index), row.Height, row.Width, reduced, height, width);
        return ([.. reduced.Select(v => (byte)(v + 0.5f))], height, width);
    }

    /// <summary>The boxes of findings, read from <c>boxes.csv</c>; none where the source has none.</summary>
    /// <exception cref="UserErrorException">The file is damaged.</exception>
    public IReadOnlyList<PreparedBox> ReadBoxes() =>
        Manifest.Files.ContainsKey(DatasetFiles.Boxes) ? BoxesTable.Read(Path.Combine(Folder, DatasetFiles.Boxes)) : [];

    /// <summary>The indices of a split's radiographs, ascending; empty where the dataset has none.</summary>
    public IReadOnlyList<int> IndicesOf(Split split) => indices[split];

    /// <summary>The place of a label in <see cref="LabelNames"/>; spelling is exact but for case.</summary>
    /// <exception cref="UserErrorException">The dataset has no such label; the message lists those it has.</exception>
    public int LabelIndex(string name)
    {
        for (int i = 0; i < LabelNames.Count; i++)
            if (string.Equals(LabelNames[i], name, StringComparison.OrdinalIgnoreCase)) return i;
        var known = LabelNames.Count == 0 ? "it has no labels" : $"its labels are {string.Join(", ", LabelNames)}";
        throw new UserErrorException($"{Folder} has no label '{name}': {known}.");
    }

    /// <summary>Checks that what learnt from radiographs of an intensity may be used on these.</summary>
    /// <param name="intensity">Of the radiographs it learnt from; null where it learnt from none, or from pictures that are no radiographs.</param>
    /// <param name="name">What it is called in the message.</param>
    /// <exception cref="UserErrorException">The dataset was prepared with another intensity.</exception>
    public void RequireIntensity(string? intensity, string name)
    {
        if (intensity is not null && intensity != Manifest.Intensity)
            throw new UserErrorException(
                $"{name} learnt from radiographs of intensity {intensity}; {Folder} has intensity {Manifest.Intensity}. Prepare "
                    + $"it with the setting 'intensity' = {intensity}, or take an encoder that learnt from {Manifest.Intensity}.");
    }

    /// <summary>Unmaps the pixels: spans of them must not be read afterwards. The rows stay.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }

    private static void CheckManifest(DatasetManifest manifest, string path)
    {
        if (manifest.ShortSide is < 1 or > LargestSide)
            throw new UserErrorException($"{path} says short side {manifest.ShortSide}. Expected 1 to {LargestSide:N0}. Prepare the dataset again.");
        if (manifest.Labels.Any(l => string.IsNullOrWhiteSpace(l?.Name)) || manifest.Labels.DistinctBy(l => l.Name).Count() != manifest.Labels.Count)
            throw new UserErrorException($"{path} has labels without a name or twice. Prepare the dataset again.");
        if (manifest.Files.Keys.Except([.. DatasetFiles.Required, DatasetFiles.Boxes]).FirstOrDefault() is { } stranger)
            throw new UserErrorException(
                $"{path} lists the file '{stranger}', which is no part of a dataset. Expected {string.Join(", ", DatasetFiles.Required)} and "
                + $"{DatasetFiles.Boxes}. Copy or prepare the dataset again.");
    }

    private static void CheckLength(string folder, string name, DatasetManifest manifest)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        if (!manifest.Files.TryGetValue(name, out var expected) || expected is null)
            throw new UserErrorException($"{Path.Combine(folder, DatasetFiles.Manifest)} does not list {name}. Prepare the dataset again.");
        if (!file.Exists) throw new UserErrorException($"{file.FullName} is missing. Prepare the dataset again.");
        if (file.Length != expected.Bytes)
            throw new UserErrorException(
                $"{file.FullName} has {file.Length:N0} bytes. The manifest says {expected.Bytes:N0}. Copy or prepare the dataset again.");
    }

    private static (long Length, int DataOffset) ReadHeader(FileStream stream, string path)
    {
        try
        {
            var (count, dataOffset) = NpyHeader.Parse(stream);
            if (count != stream.Length - dataOffset)
                throw new InvalidDataException($"its header says {count:N0} elements, {stream.Length - dataOffset:N0} follow");
            return (count, dataOffset);
        }
        catch (InvalidDataException e)
        {
            throw new UserErrorException($"{path} is not the pixel file of a prepared dataset: {e.Message}. Prepare the dataset again.", e);
        }
    }

    /// <summary>The radiographs must fill the array one after another: then no offset can lead out of it.</summary>
    private static void CheckLayout(IReadOnlyList<PreparedRadiograph> rows, long length, int shortSide, string path)
    {
        long next = 0;
        foreach (var row in rows)
        {
            bool sized = row.Height is > 0 and <= LargestSide && row.Width is > 0 and <= LargestSide && (long)row.Height * row.Width <= int.MaxValue;
            if (!sized || Math.Min(row.Height, row.Width) != shortSide)
                throw new UserErrorException(
                    $"{path}, row {row.Index}: {row.Height} x {row.Width} pixels. Expected a short side of {shortSide}. Prepare the dataset again.");
            if (row.PixelOffset != next)
                throw new UserErrorException(
                    $"{path}, row {row.Index}: pixel offset {row.PixelOffset:N0}. Expected {next:N0}. Prepare the dataset again.");
            next += (long)row.Height * row.Width;
        }
        if (next != length)
            throw new UserErrorException(
                $"{path}: its radiographs fill {next:N0} pixels, the pixel file has {length:N0}. Prepare the dataset again.");
    }
}
