using System.Runtime.InteropServices;
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
    private const string Cure = "Delete it to begin again.";

    private readonly string folder;
    private readonly FeatureCard? card; // null where the number of rows is known when the last has come
    private readonly int width;
    private readonly FileStream? growing;
    private readonly OutputFolder? claim;
    private readonly System.Diagnostics.Stopwatch sinceFlush = System.Diagnostics.Stopwatch.StartNew();
    private long rows;

    private FeatureFolder(string folder, FeatureCard? card, int width, FileStream? growing, long rows, OutputFolder? claim) =>
        (this.folder, this.card, this.width, this.growing, this.rows, this.claim) = (folder, card, width, growing, rows, claim);

    /// <summary>Rows that are safe on the disk or handed over.</summary>
    internal long Rows => rows;

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
            Check(JsonFile.Read<FeatureCard>(cardPath, "features' card", cure: Cure), card, folder);
            return new(folder, card, card.Width, null, card.Count, null);
        }
        return Claimed(folder, claim => GoOn(folder, card, force, claim));
    }

    /// <summary>
    /// Begins features whose number is known when the last has come, and of which an interrupted pass is made anew: pictures of a plain folder,
    /// some of which may turn out unreadable.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="width">F.</param>
    /// <param name="force">Whether features that are there are replaced.</param>
    /// <exception cref="UserErrorException">The folder holds features, or what is none, or another process works in it.</exception>
    internal static FeatureFolder Begin(string folder, int width, bool force) => Claimed(folder, claim =>
    {
        RequireNone(folder, force);
        File.Delete(Path.Combine(folder, Progress)); // of an unfinished pass, whose rows are overwritten here
        return Growing(folder, null, width, 0, claim);
    });

    /// <summary>Refuses a folder that holds features, which those of plain pictures cannot be told to equal.</summary>
    /// <exception cref="UserErrorException">It holds some, finished or not, and they are not to be replaced.</exception>
    internal static void RequireNone(string folder, bool force)
    {
        if (!force && new[] { CardName, Progress }.Any(name => File.Exists(Path.Combine(folder, name))))
            throw new UserErrorException(
                $"{folder} holds features already, and those of a plain folder cannot be told to be the same. Choose another "
                    + "folder, or replace them.")
            {
                Setting = "force",
            };
    }

    private static FeatureFolder Claimed(string folder, Func<OutputFolder, FeatureFolder> begin)
    {
        var claim = OutputFolder.Open(folder, FolderKind.Features);
        try { return begin(claim); }
        catch (Exception e)
        {
            claim.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw AtomicFile.Explain(folder, e);
            throw;
        }
    }

    private static FeatureFolder GoOn(string folder, FeatureCard card, bool force, OutputFolder claim)
    {
        if (force) Clear(folder);
        var partial = Path.Combine(folder, Values + AtomicFile.TemporarySuffix);
        var progressPath = Path.Combine(folder, Progress);
        long done = 0;
        if (File.Exists(progressPath))
        {
            var progress = JsonFile.Read<Started>(progressPath, "progress of features", cure: Cure);
            Check(progress.Card, card, folder);
            // Only whole batches that were flushed count: their neighbours in a batch influence rounding.
            if (File.Exists(partial))
                done = Math.Min(progress.Rows, (new FileInfo(partial).Length - HeaderLength) / (4L * card.Width)) / card.BatchSize * card.BatchSize;
            done = Math.Clamp(done, 0, card.Count);
        }
        return Growing(folder, card, card.Width, done, claim);
    }

    private static void Clear(string folder)
    {
        foreach (var name in new[] { CardName, Progress, Table, Values, Values + AtomicFile.TemporarySuffix })
            File.Delete(Path.Combine(folder, name));
    }

    private static FeatureFolder Growing(string folder, FeatureCard? card, int width, long done, OutputFolder claim)
    {
        var stream = new FileStream(
            Path.Combine(folder, Values + AtomicFile.TemporarySuffix), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        var work = new FeatureFolder(folder, card, width, stream, done, claim);
        try
        {
            work.Guard(values =>
            {
                if (done == 0) values.Write(new byte[HeaderLength]);
                values.SetLength(HeaderLength + done * width * 4L);
                values.Position = values.Length;
            });
            work.Record();
            return work;
        }
        catch
        {
            stream.Dispose();
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
        long expected = HeaderLength + rows * width * 4L;
        if (stream.Length != expected)
            throw new UserErrorException(
                $"{stream.Name} has {stream.Length:N0} bytes, expected {expected:N0} for {rows:N0} rows of {width} "
                    + $"features. Delete {folder} and compute them again.");
        stream.Position = HeaderLength;
        stream.ReadExactly(MemoryMarshal.AsBytes(values[..checked((int)(rows * width))]));
        return (int)rows;
    }

    internal void Append(ReadOnlySpan<float> values)
    {
        try { growing!.Write(MemoryMarshal.AsBytes(values)); }
        catch (IOException e) { throw AtomicFile.Explain(growing!.Name, e); }
        rows += values.Length / width;
        if (sinceFlush.Elapsed < FlushInterval) return;
        Record();
        sinceFlush.Restart();
    }

    /// <summary>Gives the features their final names, the card last.</summary>
    /// <param name="finished">Of all rows.</param>
    /// <param name="radiographs">One a row.</param>
    /// <param name="labelNames">Of their labels.</param>
    internal void Complete(FeatureCard finished, IReadOnlyList<PreparedRadiograph> radiographs, IReadOnlyList<string> labelNames)
    {
        if (rows != finished.Count) throw new InvalidOperationException($"{rows} rows written, {finished.Count} expected");
        if (card is null) // the folder must tell what it is whenever this is interrupted
        {
            JsonFile.Write(Path.Combine(folder, Progress), new Started(rows, finished));
            foreach (var name in new[] { CardName, Table, Values }) File.Delete(Path.Combine(folder, name)); // those that are replaced
        }
        Guard(stream =>
        {
            stream.Position = 0;
            stream.Write(NpyHeader.Bytes("<f4", $"({finished.Count}, {width})"));
            stream.Flush(flushToDisk: true);
        });
        growing!.Dispose();
        try { AtomicFile.Publish(growing.Name, Path.Combine(folder, Values)); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.Explain(growing.Name, e); }
        FeatureTable.Write(Path.Combine(folder, Table), radiographs, labelNames);
        JsonFile.Write(Path.Combine(folder, CardName), finished);
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
        if (card is null) return;
        JsonFile.Write(Path.Combine(folder, Progress), new Started(rows, card));
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

    private sealed record Started(long Rows, FeatureCard Card);
}
