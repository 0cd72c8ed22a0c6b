using System.Runtime.InteropServices;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Studies;

namespace RadTex.Learning.Transfer;

/// <summary>
/// The finished heads and networks of a sweep (<c>journal.jsonl</c>, see <see cref="LineJournal{TEntry}"/>): what a killed sweep need not do again.
/// </summary>
public sealed class TransferJournal : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string, int?, int, HeadKind, string?), TrialResult> finished = [];
    private readonly LineJournal<Entry> lines;

    private TransferJournal(LineJournal<Entry> lines) => this.lines = lines;

    /// <summary>Finished heads found on opening.</summary>
    public int Found => lines.Found.Count;

    /// <summary>Opens a journal to go on, or begins one.</summary>
    /// <exception cref="UserErrorException">It is of another sweep, it is damaged, or another process writes it.</exception>
    public static TransferJournal Open(string path, TransferIdentity identity)
    {
        var lines = LineJournal<Entry>.Open(path, identity, identity.DifferenceFrom);
        try
        {
            var journal = new TransferJournal(lines);
            foreach (var entry in lines.Found)
            {
                var result = entry.Result();
                journal.finished[result.Key] = result;
            }
            return journal;
        }
        catch (Exception e)
        {
            lines.Dispose();
            if (e is FormatException or ArgumentException)
                throw new UserErrorException($"{path} is damaged: {e.Message} Delete the file to begin again.", e);
            throw;
        }
    }

    /// <param name="task">The task's name.</param>
    /// <param name="examples">N; null for all.</param>
    /// <param name="trial">From 0.</param>
    /// <param name="head">How it was trained.</param>
    /// <param name="initialSha256">Of the encoder that a fine-tuned network began from; null for heads.</param>
    internal TrialResult? Find(string task, int? examples, int trial, HeadKind head, string? initialSha256 = null)
    {
        lock (gate) return finished.GetValueOrDefault((task, examples, trial, head, initialSha256));
    }

    /// <summary>The initial weights of a finished network of a trial that began from others than these; null where there is none.</summary>
    internal string? OtherStart(string task, int? examples, int trial, string initialSha256)
    {
        lock (gate)
            return finished.Values.FirstOrDefault(
                r => (r.Task, r.Examples, r.Trial) == (task, examples, trial) && r.FineTuned is { } network
                    && network.InitialSha256 != initialSha256)?.FineTuned!.InitialSha256;
    }

    /// <summary>
    /// Refuses a plan that leaves out what is finished here: the sweep's other files hold what the plan names, and nothing else would be left of it
    /// in them.
    /// </summary>
    /// <exception cref="UserErrorException">There is something besides.</exception>
    internal void RequireWithin(TransferPlan plan)
    {
        var (tasks, trials) = (plan.Tasks.Select(t => t.Name).ToHashSet(StringComparer.Ordinal), Enumerable.Range(plan.FirstTrial, plan.Trials));
        string? Besides<T>(string what, Func<TrialResult, T> of, IEnumerable<T> asked, Func<T, string> name)
        {
            T[] others = [.. finished.Values.Select(of).Distinct().Where(o => !asked.Contains(o))];
            return others.Length == 0 ? null : $"{what} {string.Join(", ", others.Select(name))}";
        }
        string[] besides =
        [
            .. new[]
            {
                Besides("label", r => r.Task, tasks, t => $"'{t}'"), Besides("N", r => r.Examples, plan.Examples, TransferFiles.Name),
                    Besides("head", r => r.Head, plan.Heads, h => h.Name()),
                Besides("trial", r => r.Trial, trials, t => $"{t}"),
            }.OfType<string>(),
        ];
        if (besides.Length > 0)
            throw new UserErrorException(
                $"{lines.Path} also holds results of {string.Join(", ", besides)}, which its tables would lose. Ask for those "
                    + "too, to have all of them side by side (what is finished is not trained again), or choose another folder.");
    }

    internal void Add(TrialResult result)
    {
        lines.Add(Entry.Of(result));
        lock (gate) finished[result.Key] = result;
    }

    /// <summary>Closes the file; another process may then open it.</summary>
    public void Dispose() => lines.Dispose();

    /// <summary>A result with its numbers as base64 of little-endian float64: exact, and no longer than need be.</summary>
    private sealed record Entry(
        string Task, int? Examples, int Trial, string Head, int Count, int[] ClassCounts, int Redraws, double? PriorVariance, string? Note,
        TransferScores Scores,
        HeadEntry? Weights, NetworkEntry? FineTuned, HeadThreshold? Threshold = null)
    {
        internal static Entry Of(TrialResult r) => new(
            r.Task, r.Examples, r.Trial, r.Head.ToString(), r.Count, [.. r.ClassCounts], r.Redraws, r.PriorVariance, r.Note, r.Scores,
            r.Weights is { } head ? new(head.ClassCount, head.Width, Encode(head.Weights), Encode(head.Biases)) : null,
            r.FineTuned is { } network ? new(
                network.InitialSha256, network.EncoderSha256, network.Recipe, network.Probabilities is { } values ? Encode(values) : null,
                network.Practical, network.Moved) : null, r.Threshold);

        internal TrialResult Result() => new(
            Task, Examples, Trial, Enum.Parse<HeadKind>(Head), Count, ClassCounts, Redraws, PriorVariance, Note, Scores, Weights?.Head(),
            FineTuned is { } n
                ? new(n.InitialSha256, n.EncoderSha256, n.Recipe, n.Probabilities is { } text ? Decode(text) : null, n.Practical, n.Moved)
                : null, Threshold);
    }

    private sealed record HeadEntry(int Classes, int Width, string Weights, string Biases)
    {
        internal LinearHead Head()
        {
            var head = new LinearHead(Classes, Width, Decode(Weights), Decode(Biases));
            return head.Weights.LongLength == (long)head.Outputs * Width && head.Outputs == (Classes == 2 ? 1 : Classes)
                ? head
                : throw new FormatException($"{head.Weights.Length} weights and {head.Outputs} biases for {Classes} classes of {Width} features.");
        }
    }

    private sealed record NetworkEntry(
        string InitialSha256, string? EncoderSha256, PaperRecipe? Recipe, string? Probabilities, PracticalRecipe? Practical = null,
        MovedWeights? Moved = null);

    private static string Encode(double[] values) => Convert.ToBase64String(MemoryMarshal.AsBytes<double>(values));

    private static double[] Decode(string text) => MemoryMarshal.Cast<byte, double>(Convert.FromBase64String(text)).ToArray();
}
