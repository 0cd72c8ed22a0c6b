using RadTex.Data;
using RadTex.Files;

namespace RadTex.Preparing;

/// <summary>Writes a prepared dataset whose pixels are at hand: for small sets made in a program, and for tests.</summary>
public sealed class PreparedDatasetWriter
{
    private readonly List<PreparedRadiograph> rows = [];
    private readonly List<byte[]> images = [];
    private readonly IReadOnlyList<string> labelNames;
    private readonly int shortSide;
    private long pixelCount;

    /// <summary>A dataset without radiographs yet; they are kept in memory until <see cref="Write"/>.</summary>
    /// <param name="labelNames">The labels, in the order of each entry's values.</param>
    /// <param name="shortSide">The shorter side of every radiograph, in pixels.</param>
    public PreparedDatasetWriter(IReadOnlyList<string> labelNames, int shortSide)
    {
        this.labelNames = labelNames;
        this.shortSide = shortSide;
    }

    /// <summary>Marks the dataset as drawn, not taken of patients.</summary>
    public bool Synthetic { get; init; }

    /// <summary>
    /// Adds a radiograph of <paramref name="height"/> x <paramref name="width"/> bytes, row by row; its shorter side must be the dataset's.
    /// </summary>
    public void Add(DatasetEntry entry, ReadOnlySpan<byte> image, int height, int width)
    {
        if (image.Length != height * width || Math.Min(height, width) != shortSide)
            throw new ArgumentException(
                $"{image.Length} bytes for {height} x {width} pixels; expected height x width with a short side of {shortSide}", nameof(image));
        if (entry.Labels.Count != labelNames.Count)
            throw new ArgumentException($"{entry.Labels.Count} labels; {labelNames.Count} expected", nameof(entry));
        rows.Add(new PreparedRadiograph(
            rows.Count, entry.ImageId, entry.PatientId, entry.StudyId, entry.View, entry.Split,
            string.IsNullOrWhiteSpace(entry.Text) ? null : entry.Text, entry.Labels, "", pixelCount, height, width));
        images.Add(image.ToArray());
        pixelCount += image.Length;
    }

    /// <summary>Writes the folder, which must not exist: under a temporary name first, so that it is whole or absent.</summary>
    public void Write(string folder)
    {
        if (Path.Exists(folder)) throw new UserErrorException($"{folder} exists. Expected a new name.");
        var work = Path.TrimEndingDirectorySeparator(folder) + AtomicFile.TemporarySuffix;
        Directory.CreateDirectory(work);
        AtomicFile.Write(Path.Combine(work, DatasetFiles.Pixels), stream =>
        {
            stream.Write(NpyHeader.Bytes(pixelCount));
            foreach (var image in images) stream.Write(image);
        });
        var text = new TextCounts("given", false, rows.Count(r => r.Text is not null), rows.Count(r => r.Text is null), 0);
        var source = new SourceRecord(SourceRecord.Memory, "", new Dictionary<string, string>(), new Dictionary<string, string>());
        DatasetCompletion.Complete(
            work, new DatasetTables(labelNames, rows, rows.Select(r => r.Text), [], []),
            new DatasetProvenance(Synthetic, "", source, shortSide, 0, text));
        Directory.Move(work, folder);
    }
}
