using System.Text;
using System.Text.Json;

namespace RadTex.Files;

/// <summary>
/// What is finished of a long work, a JSON line each, flushed as they come. The first line says what the work is of. A last line cut
/// off by a kill is dropped. Safe to use from several threads.
/// </summary>
/// <typeparam name="TEntry">A line.</typeparam>
internal sealed class LineJournal<TEntry> : IDisposable
{
    private static readonly JsonSerializerOptions Format = JsonFormat.Line;

    private readonly Lock gate = new();
    private readonly FileStream file;

    private LineJournal(FileStream file, IReadOnlyList<TEntry> found) => (this.file, Found) = (file, found);

    internal string Path => file.Name;

    /// <summary>The lines found on opening, in order.</summary>
    internal IReadOnlyList<TEntry> Found { get; }

    /// <summary>Opens a journal to go on, or begins one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">What the work is of.</param>
    /// <param name="difference">What differs from an identity that was found, in words; null where nothing does.</param>
    /// <exception cref="UserErrorException">It is of another work, it is damaged, or another process writes it.</exception>
    internal static LineJournal<TEntry> Open<TIdentity>(string path, TIdentity identity, Func<TIdentity, string?> difference)
    {
        FileStream file;
        try { file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 16); }
        catch (IOException e) { throw new UserErrorException($"Cannot open {path}: {e.Message} Another process may be writing it.", e); }
        try
        {
            var (lines, length) = WholeLines(file);
            if (lines.Count > 0 && difference(Parse<TIdentity>(lines[0], path, 1)) is { } found)
                throw new UserErrorException(
                    $"{path} holds results of another sweep: {found}. Delete the folder to begin again, or choose another.")
                {
                    Setting = "out",
                };
            TEntry[] entries = [.. lines.Skip(1).Select((line, i) => Parse<TEntry>(line, path, i + 2))];
            file.SetLength(length);
            file.Position = length;
            var journal = new LineJournal<TEntry>(file, entries);
            if (lines.Count == 0) journal.Append(JsonSerializer.Serialize(identity, Format));
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds a line.</summary>
    /// <exception cref="UserErrorException">The disk is full.</exception>
    internal void Add(TEntry entry)
    {
        lock (gate) Append(JsonSerializer.Serialize(entry, Format));
    }

    public void Dispose() => file.Dispose();

    private void Append(string line)
    {
        try
        {
            file.Write(Encoding.UTF8.GetBytes(line + "\n"));
            file.Flush(flushToDisk: true);
        }
        catch (IOException e) { throw AtomicFile.Explain(file.Name, e); }
    }

    private static (List<string> Lines, long Length) WholeLines(FileStream file)
    {
        var bytes = new byte[checked((int)file.Length)];
        file.ReadExactly(bytes);
        int length = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        var lines = Encoding.UTF8.GetString(bytes, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return ([.. lines], length);
    }

    private static T Parse<T>(string line, string path, int number)
    {
        try { return JsonSerializer.Deserialize<T>(line, Format) ?? throw new JsonException("it is null"); }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or NotSupportedException)
        {
            throw new UserErrorException(
                $"{path}, line {number}, is damaged: {e.Message.ReplaceLineEndings(" ")} Delete the file to begin again.", e);
        }
    }
}
