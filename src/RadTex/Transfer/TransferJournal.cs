using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace RadTex.Transfer;

/// <summary>
/// The finished heads of a sweep, a JSON line each, flushed as they come (<c>journal.jsonl</c>). Its first line says what the sweep is
/// of. A last line cut off by a kill is dropped, and its head trained again.
/// </summary>
public sealed class TransferJournal : IDisposable
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Lock gate = new();
    private readonly Dictionary<(string, int?, int, HeadKind), TrialResult> finished = [];
    private readonly FileStream file;

    private TransferJournal(FileStream file) => this.file = file;

    /// <summary>Finished heads found on opening.</summary>
    public int Found { get; private init; }

    /// <summary>Opens a journal to go on, or begins one.</summary>
    /// <exception cref="UserErrorException">It is of another sweep, or another process writes it.</exception>
    public static TransferJournal Open(string path, TransferIdentity identity)
    {
        FileStream file;
        try { file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 16); }
        catch (IOException e) { throw new UserErrorException($"Cannot open {path}: {e.Message} Another radtex may be writing it.", e); }
        try
        {
            var (lines, length) = WholeLines(file);
            if (lines.Count > 0) Check(Parse(lines[0], path, 1, (TransferIdentity found) => found), identity, path);
            var entries = lines.Skip(1).Select((line, i) => Parse(line, path, i + 2, (Entry e) => e.Result())).ToArray();
            file.SetLength(length);
            file.Position = length;
            var journal = new TransferJournal(file) { Found = entries.Length };
            foreach (var entry in entries) journal.finished[entry.Key] = entry;
            if (lines.Count == 0) journal.Append(JsonSerializer.Serialize(identity, Format));
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal TrialResult? Find(string task, int? examples, int trial, HeadKind head)
    {
        lock (gate) return finished.GetValueOrDefault((task, examples, trial, head));
    }

    internal void Add(TrialResult result)
    {
        lock (gate)
        {
            Append(JsonSerializer.Serialize(Entry.Of(result), Format));
            finished[result.Key] = result;
        }
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

    private static TResult Parse<T, TResult>(string line, string path, int number, Func<T, TResult> read)
    {
        try { return read(JsonSerializer.Deserialize<T>(line, Format) ?? throw new JsonException("it is null")); }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or NotSupportedException)
        {
            throw new UserErrorException($"{path}, line {number}, is damaged: {e.Message.ReplaceLineEndings(" ")} Delete the file to begin again.", e);
        }
    }

    private static void Check(TransferIdentity found, TransferIdentity expected, string path)
    {
        if (expected.DifferenceFrom(found) is { } difference)
            throw new UserErrorException($"{path} holds results of another sweep: {difference}. Choose another --out, or delete the folder to begin again.");
    }

    /// <summary>A result with its weights as base64 of little-endian float64: exact, and no longer than need be.</summary>
    private sealed record Entry(
        string Task, int? Examples, int Trial, string Head, int Count, int[] ClassCounts, int Redraws, double? PriorVariance, string? Note, TransferScores Scores,
        int Classes, int Width, string Weights, string Biases)
    {
        internal static Entry Of(TrialResult r) => new(
            r.Task, r.Examples, r.Trial, r.Head.ToString(), r.Count, [.. r.ClassCounts], r.Redraws, r.PriorVariance, r.Note, r.Scores,
            r.Weights.ClassCount, r.Weights.Width, Encode(r.Weights.Weights), Encode(r.Weights.Biases));

        internal TrialResult Result()
        {
            var head = new LinearHead(Classes, Width, Decode(Weights), Decode(Biases));
            if (head.Weights.LongLength != (long)head.Outputs * Width || head.Outputs != (Classes == 2 ? 1 : Classes))
                throw new FormatException($"{head.Weights.Length} weights and {head.Outputs} biases for {Classes} classes of {Width} features");
            return new(Task, Examples, Trial, Enum.Parse<HeadKind>(Head), Count, ClassCounts, Redraws, PriorVariance, Note, Scores, head);
        }

        private static string Encode(double[] values) => Convert.ToBase64String(MemoryMarshal.AsBytes<double>(values));

        private static double[] Decode(string text) => MemoryMarshal.Cast<byte, double>(Convert.FromBase64String(text)).ToArray();
    }
}
