using System.Text;
using System.Text.Json;
using RadTex.Files;

namespace RadTex.Learning.Training;

/// <summary>
/// A run's log: <c>log.jsonl</c>, a JSON object a line, and the same figures as TensorBoard events. A resumed run drops the lines
/// after its checkpoint, so that no step stands twice.
/// </summary>
public sealed class TrainingLog : IDisposable
{
    private const int LongestLine = 1 << 16;

    private readonly string path, eventsPath;
    private FileStream? lines;
    private TensorBoardWriter? events;

    internal TrainingLog(string path, string eventsPath) => (this.path, this.eventsPath) = (path, eventsPath);

    /// <summary>The lines of a log, in order. A last line that a killed run left unfinished is passed over.</summary>
    /// <exception cref="UserErrorException">The file cannot be read.</exception>
    public static IReadOnlyList<LogLine> Read(string path)
    {
        var read = new List<LogLine>();
        try
        {
            foreach (var text in RegularFile.ReadLines(path))
                if (TryParse(text) is { } line) read.Add(line);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException)
        { throw new UserErrorException($"Cannot read the log {path}: {e.Message}", e); }
        return read;
    }

    /// <summary>Opens the log to go on after a step: later lines are dropped.</summary>
    internal void Start(long step)
    {
        Guarded(() =>
        {
            var kept = File.Exists(path) ? RegularFile.ReadLines(path).Where(text => TryParse(text) is { } line && line.Step <= step).ToList() : [];
            AtomicFile.WriteAllText(path, string.Concat(kept.Select(text => text + "\n")));
            Directory.CreateDirectory(Path.GetDirectoryName(eventsPath)!);
            lines = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            events = new TensorBoardWriter(new FileStream(eventsPath, FileMode.Create, FileAccess.Write, FileShare.Read), UnixNow());
            foreach (var text in kept) WriteEvents(TryParse(text)!);
        });
    }

    internal void Write(string kind, long step, double epoch, double elapsedSeconds, IReadOnlyList<(string Name, double Value)> values)
    {
        var line = new LogLine(kind, step, epoch, elapsedSeconds, UnixNow(), values.ToDictionary(v => v.Name, v => v.Value));
        Guarded(() =>
        {
            lines!.Write(Encoding.UTF8.GetBytes(Format(line) + "\n"));
            lines.Flush(); // to the system: a killed process loses no line
            WriteEvents(line);
        });
    }

    /// <summary>Closes both files.</summary>
    public void Dispose()
    {
        lines?.Dispose();
        events?.Dispose();
    }

    private void WriteEvents(LogLine line) =>
        events!.Write(line.UnixSeconds, line.Step, [.. line.Values.Select(v => ($"{line.Kind}/{v.Key}", (float)v.Value))]);

    private static double UnixNow() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    private static string Format(LogLine line)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", line.Kind);
            json.WriteNumber("step", line.Step);
            json.WriteNumber("epoch", Math.Round(line.Epoch, 4));
            foreach (var (name, value) in line.Values) json.WriteNumber(name, value);
            json.WriteNumber("elapsed_seconds", Math.Round(line.ElapsedSeconds, 3));
            json.WriteNumber("time", Math.Round(line.UnixSeconds, 3));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static LogLine? TryParse(string text)
    {
        if (text.Length is 0 or > LongestLine) return null;
        try
        {
            using var document = JsonDocument.Parse(text, JsonFormat.Tree);
            var values = new Dictionary<string, double>();
            foreach (var property in document.RootElement.EnumerateObject())
                if (property.Value.ValueKind == JsonValueKind.Number) values[property.Name] = property.Value.GetDouble();
            double Take(string name) => values.Remove(name, out double value) ? value : throw new JsonException(name);
            return new(
                document.RootElement.GetProperty("kind").GetString()!, (long)Take("step"), Take("epoch"), Take("elapsed_seconds"), Take("time"),
                values);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException) { return null; }
    }

    private void Guarded(Action write)
    {
        try { write(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.Explain(path, e); }
    }
}
