using System.Runtime.InteropServices;
using System.Text.Json;
using RadTex.Data;
using RadTex.Files;

namespace RadTex.Heads;

/// <summary>
/// Features on disk: <c>features.npy</c> (float32 [n, F], NPY version 1.0), <c>features.parquet</c> (ids, split and labels, row by
/// row) and the card <c>features.json</c>, written last. While they are made, <c>features.npy.partial</c> grows and
/// <c>features.progress</c> says how many of its rows are safe on the disk.
/// </summary>
internal sealed class FeatureFolder : IDisposable
{
    internal const string Values = "features.npy", Table = "features.parquet", CardName = "features.json", Progress = "features.progress";
    private const int HeaderLength = 128;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(10);
    internal static readonly JsonSerializerOptions Format = JsonFormat.Indented;

    private readonly string folder;
    private readonly FeatureCard card;
    private readonly FileStream? growing;
    private readonly OutputFolder? claim;
    private readonly System.Diagnostics.Stopwatch sinceFlush = System.Diagnostics.Stopwatch.StartNew();
    private long rows;

    private FeatureFolder(string folder, FeatureCard card, FileStream? growing, long rows, OutputFolder? claim) =>
        (this.folder, this.card, this.growing, this.rows, this.claim) = (folder, card, growing, rows, claim);

    /// <summary>Whether all rows are there.</summary>
    internal bool IsComplete => growing is null;

    /// <summary>Opens finished features, goes on with unfinished ones, or begins.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="card">What the features depend on.</param>
    /// <param name="force">Whether features of something else are replaced.</param>
    /// <exception cref="UserErrorException">The folder holds features of something else, or what is no features, or another process works in
    /// it.</exception>
    internal static FeatureFolder Open(string folder, FeatureCard card, bool force = false)
    {
        var cardPath = Path.Combine(folder, CardName);
        if (File.Exists(cardPath) && !force)
        {
            Check(ReadJson<FeatureCard>(cardPath), card, folder);
            return new(folder, card, null, card.Count, null);
        }
        var claim = OutputFolder.Open(folder, FolderKind.Features);
        try { return Begin(folder, card, force, claim); }
        catch (Exception e)
        {
            claim.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw AtomicFile.Explain(folder, e);
            throw;
        }
    }

    private static FeatureFolder Begin(string folder, FeatureCard card, bool force, OutputFolder claim)
    {
        if (force)
            foreach (var name in new[] { CardName, Progress, Table, Values, Values + AtomicFile.TemporarySuffix })
                File.Delete(Path.Combine(folder, name));
        var partial = Path.Combine(folder, Values + AtomicFile.TemporarySuffix);
        var progressPath = Path.Combine(folder, Progress);
        long done = 0;
        if (File.Exists(progressPath))
        {
            var progress = ReadJson<Started>(progressPath);
            Check(progress.Card, card, folder);
            // Only whole batches that were flushed count: their neighbours in a batch influence rounding.
            if (File.Exists(partial))
                done = Math.Min(progress.Rows, (new FileInfo(partial).Length - HeaderLength) / (4L * card.Width)) / card.BatchSize * card.BatchSize;
            done = Math.Clamp(done, 0, card.Count);
        }
        var work = new FeatureFolder(
            folder, card, new FileStream(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 16), done, claim);
        try
        {
            if (done == 0) work.Guard(stream => stream.Write(NpyHeader.Bytes("<f4", $"({card.Count}, {card.Width})")));
            work.Guard(stream =>
            {
                stream.SetLength(HeaderLength + done * card.Width * 4L);
                stream.Position = stream.Length;
            });
            work.Record();
            return work;
        }
        catch
        {
            work.growing!.Dispose();
            throw;
        }
    }

    /// <summary>Reads the rows that are there into the start of <paramref name="values"/>; returns how many.</summary>
    internal int ReadRows(Span<float> values)
    {
        if (rows == 0) return 0;
        using var stream = new FileStream(
            Path.Combine(folder, IsComplete ? Values : Values + AtomicFile.TemporarySuffix), FileMode.Open, FileAccess.Read, FileShare.ReadWrite,
            1 << 16);
        long expected = HeaderLength + rows * card.Width * 4L;
        if (stream.Length != expected)
            throw new UserErrorException(
                $"{stream.Name} has {stream.Length:N0} bytes, expected {expected:N0} for {rows:N0} rows of {card.Width} "
                    + $"features. Delete {folder} and compute them again.");
        stream.Position = HeaderLength;
        stream.ReadExactly(MemoryMarshal.AsBytes(values[..checked((int)(rows * card.Width))]));
        return (int)rows;
    }

    /// <summary>Forgets the rows that are there, for a source that cannot go on in the middle.</summary>
    internal void Restart()
    {
        rows = 0;
        Guard(stream =>
        {
            stream.SetLength(HeaderLength);
            stream.Position = HeaderLength;
        });
    }

    internal void Append(ReadOnlySpan<float> values)
    {
        try { growing!.Write(MemoryMarshal.AsBytes(values)); }
        catch (IOException e) { throw AtomicFile.Explain(growing!.Name, e); }
        rows += values.Length / card.Width;
        if (sinceFlush.Elapsed < FlushInterval) return;
        Record();
        sinceFlush.Restart();
    }

    internal void Complete(IReadOnlyList<PreparedRadiograph> radiographs, IReadOnlyList<string> labelNames)
    {
        if (rows != card.Count) throw new InvalidOperationException($"{rows} rows written, {card.Count} expected");
        Guard(stream => stream.Flush(flushToDisk: true));
        growing!.Dispose();
        try { AtomicFile.Publish(growing.Name, Path.Combine(folder, Values)); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.Explain(growing.Name, e); }
        FeatureTable.Write(Path.Combine(folder, Table), radiographs, labelNames);
        AtomicFile.WriteAllText(Path.Combine(folder, CardName), JsonSerializer.Serialize(card, Format) + "\n");
        File.Delete(Path.Combine(folder, Progress));
    }

    public void Dispose()
    {
        growing?.Dispose();
        claim?.Dispose();
    }

    private void Record()
    {
        Guard(stream => stream.Flush(flushToDisk: true));
        AtomicFile.WriteAllText(Path.Combine(folder, Progress), JsonSerializer.Serialize(new Started(rows, card), Format));
    }

    private void Guard(Action<FileStream> action)
    {
        try { action(growing!); }
        catch (IOException e) { throw AtomicFile.Explain(growing!.Name, e); }
    }

    private static void Check(FeatureCard found, FeatureCard expected, string folder)
    {
        if (expected.DifferenceFrom(found) is { } difference)
            throw new UserErrorException(
                $"{folder} holds features of {difference}. Choose another folder, or delete this one to compute them again.");
    }

    internal static T ReadJson<T>(string path)
    {
        try { return JsonSerializer.Deserialize<T>(RegularFile.ReadAllText(path), Format) ?? throw new JsonException("it is null"); }
        catch (JsonException e)
        {
            throw new UserErrorException(
            $"{path} is damaged: {e.Message.ReplaceLineEndings(" ")} Delete it to begin again.", e);
        }
    }

    private sealed record Started(long Rows, FeatureCard Card);
}
