using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RadTex.Data;
using RadTex.Files;

namespace RadTex.Preparing;

/// <summary>
/// The folder of an unfinished preparation (<c>OUT.partial</c>): the pixels so far, and a journal that says, item by item in the
/// listing's order, what became of it. Pixels are flushed before the journal lines that speak of them, so that after a kill or a power
/// cut the journal's last whole line says where to go on.
/// </summary>
internal sealed class PreparationWork : IDisposable
{
    private const string JournalName = "journal.jsonl", InputsName = "inputs.txt";

    private static readonly string[] WorkFiles = [JournalName, InputsName, FolderLock.PreparationName];

    private readonly FolderLock guard;
    private readonly FileStream pixels, journal;
    private readonly StringBuilder lines = new();

    private PreparationWork(string folder, FolderLock guard)
    {
        Folder = folder;
        this.guard = guard;
        pixels = new FileStream(Path.Combine(folder, DatasetFiles.Pixels), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 20);
        journal = new FileStream(Path.Combine(folder, JournalName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
    }

    internal string Folder { get; }

    /// <summary>
    /// The items dealt with, in the listing's order; those of earlier runs included. Their texts are in the journal: <see cref="ReadTexts"/>.
    /// </summary>
    internal List<PreparedItem> Items { get; } = [];

    /// <summary>The pixels written so far.</summary>
    internal long PixelCount { get; private set; }

    /// <summary>Opens the work folder of an output, new or left by an interrupted run of the same inputs.</summary>
    /// <exception cref="UserErrorException">Another program is at work there, or other inputs or options were.</exception>
    internal static PreparationWork Open(string output, string inputs, IReadOnlyDictionary<string, string> settings, int itemCount, bool force)
    {
        var folder = FolderOf(output);
        FolderLock? guard = null;
        try
        {
            CheckIsOurs(folder);
            Directory.CreateDirectory(folder);
            guard = Lock(folder);
            var known = Path.Combine(folder, InputsName);
            if (File.Exists(known) && RegularFile.ReadLines(known).ToArray() is var lines && lines.FirstOrDefault() != inputs)
            {
                // The first line is the hash, the others are the settings, for this message.
                var there = lines.Skip(1).Select(l => l.Split(": ", 2)).Where(l => l.Length == 2).ToDictionary(l => l[0], l => l[1]);
                if (!force)
                    throw new UserErrorException(
                        $"{folder} holds an unfinished preparation of other settings: {PreparationDifference.Between(there, settings)}. "
                        + "Run that command again to finish it, choose another setting 'out', or discard it with the setting 'force'.");
                foreach (var file in Directory.EnumerateFiles(folder).Where(f => Path.GetFileName(f) != FolderLock.PreparationName))
                    File.Delete(file);
            }
            AtomicFile.WriteAllText(
                known, string.Concat(settings.Select(s => $"{s.Key}: {s.Value.ReplaceLineEndings(" ")}\n").Prepend(inputs + "\n")));
            var work = new PreparationWork(folder, guard);
            work.Restore(itemCount);
            return work;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            guard?.Dispose();
            throw AtomicFile.Explain(folder, e);
        }
        catch
        {
            guard?.Dispose();
            throw;
        }
    }

    /// <summary>The manifest of a work folder that is complete but for its name; the manifest is the last file to be written.</summary>
    internal static DatasetManifest? FindComplete(string output, string inputs)
    {
        var folder = FolderOf(output);
        var path = Path.Combine(folder, DatasetFiles.Manifest);
        if (!File.Exists(path)) return null;
        using var guard = Lock(folder);
        var manifest = DatasetManifest.Read(path);
        if (manifest.Inputs != inputs) return null;
        foreach (var name in WorkFiles) File.Delete(Path.Combine(folder, name));
        return manifest;
    }

    internal static string FolderOf(string output) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(output)) + AtomicFile.TemporarySuffix;

    /// <summary>Adds the next item and its pixels; they last after <see cref="Flush"/>.</summary>
    internal void Add(PreparedItem item, byte[] image)
    {
        pixels.Write(image);
        PixelCount += image.Length;
        Items.Add(item.WithoutText());
        var json = JsonSerializer.Serialize(item);
        lines.Append(Checksum(json)).Append(' ').Append(json).Append('\n');
    }

    /// <summary>The items' texts, in order, one at a time from the journal.</summary>
    internal IEnumerable<string?> ReadTexts()
    {
        Flush();
        using var stream = new FileStream(journal.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = new StringBuilder();
        for (int i = 0; i < Items.Count; i++)
            yield return (ReadWholeLine(reader, text) is { } line ? Parse(line) : null)?.Text
                ?? (Items[i].HasText ? throw new IOException($"{journal.Name} lost its line {i + 1:N0} while it was in use") : null);
    }

    /// <summary>Forgets the items from a place of the listing on.</summary>
    internal void GoBackTo(int count)
    {
        Items.RemoveRange(count, Items.Count - count);
        PixelCount = Items.Sum(i => (long)i.Height * i.Width);
        pixels.SetLength(NpyHeader.Length + PixelCount);
        pixels.Position = pixels.Length;
        Flush();
        journal.Position = 0;
        long kept = 0;
        using (var reader = new StreamReader(journal, Encoding.UTF8, false, 1 << 16, leaveOpen: true))
        {
            var text = new StringBuilder();
            for (int i = 0; i < count; i++) kept += Encoding.UTF8.GetByteCount(ReadWholeLine(reader, text)!) + 1;
        }
        journal.SetLength(kept);
        journal.Position = kept;
        journal.Flush(flushToDisk: true);
    }

    /// <summary>Makes what was added last: pixels first, then the lines that vouch for them.</summary>
    internal void Flush()
    {
        if (lines.Length == 0) return;
        pixels.Flush(flushToDisk: true);
        journal.Write(Encoding.UTF8.GetBytes(lines.ToString()));
        journal.Flush(flushToDisk: true);
        lines.Clear();
    }

    /// <summary>Writes the array's true length into its header and closes the pixel file.</summary>
    internal void FinishPixels()
    {
        pixels.Position = 0;
        pixels.Write(NpyHeader.Bytes(PixelCount));
        pixels.Flush(flushToDisk: true);
        pixels.Dispose();
    }

    /// <summary>Takes away what is no part of a dataset; the folder is then ready for its final name.</summary>
    internal void Clean()
    {
        journal.Dispose();
        foreach (var name in WorkFiles) File.Delete(Path.Combine(Folder, name));
        Posix.FlushDirectory(Folder);
    }

    /// <summary>Deletes the folder: nothing in it is worth keeping.</summary>
    internal void Discard()
    {
        pixels.Dispose();
        journal.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    public void Dispose()
    {
        // What is not flushed is not vouched for: a failed write must not be tried again while closing.
        try
        {
            pixels.Dispose();
            journal.Dispose();
        }
        catch (IOException) { /* the first error is the one to tell */ }
        guard.Dispose();
    }

    /// <summary>A folder that happens to bear the name is left alone.</summary>
    private static void CheckIsOurs(string folder)
    {
        if (!Directory.Exists(folder)) return;
        string[] ours = [.. WorkFiles, .. DatasetFiles.Required, DatasetFiles.Boxes, DatasetFiles.Manifest, EarlierDataset.StampsName];
        var foreign = Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName)
            .FirstOrDefault(name => !ours.Contains(name) && !ours.Contains(Path.ChangeExtension(name, null)));
        if (foreign is not null)
            throw new UserErrorException($"{folder} holds {foreign}, so it is no unfinished preparation and is left alone. "
                + "Choose another setting 'out'.");
    }

    private void Restore(int itemCount)
    {
        journal.Position = 0;
        long goodBytes = 0;
        using (var reader = new StreamReader(journal, Encoding.UTF8, false, 1 << 16, leaveOpen: true))
        {
            var text = new StringBuilder();
            while (Items.Count < itemCount && ReadWholeLine(reader, text) is { } line && Parse(line) is { } item)
            {
                long end = PixelCount + (long)item.Height * item.Width;
                if (NpyHeader.Length + end > pixels.Length) break;
                Items.Add(item.WithoutText());
                PixelCount = end;
                goodBytes += Encoding.UTF8.GetByteCount(line) + 1;
            }
        }
        journal.SetLength(goodBytes);
        journal.Position = goodBytes;
        if (pixels.Length < NpyHeader.Length) pixels.SetLength(0);
        else pixels.SetLength(NpyHeader.Length + PixelCount);
        pixels.Position = 0;
        pixels.Write(NpyHeader.Bytes(PixelCount));
        pixels.Position = NpyHeader.Length + PixelCount;
    }

    /// <summary>A line that ends in a line break; null at the end or where the last line was cut off.</summary>
    private static string? ReadWholeLine(StreamReader reader, StringBuilder text)
    {
        text.Clear();
        for (int c; (c = reader.Read()) >= 0; text.Append((char)c))
            if (c == '\n') return text.ToString();
        return null;
    }

    private static PreparedItem? Parse(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || Checksum(line[(space + 1)..]) != line[..space]) return null;
        return JsonSerializer.Deserialize<PreparedItem>(line[(space + 1)..]);
    }

    private static string Checksum(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)).AsSpan(0, 8));

    private static FolderLock Lock(string folder) => FolderLock.Take(folder, FolderLock.PreparationName);
}
