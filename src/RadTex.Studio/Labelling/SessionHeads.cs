using System.Collections.Concurrent;
using RadTex.Selection;

namespace RadTex.Studio.Labelling;

/// <summary>
/// The head of each finding's labels, fitted when it is asked for and kept until a label changes. Findings are fitted beside each other, and nobody
/// who asks for the last one waits for a fit. Safe for use by several threads.
/// </summary>
internal sealed class SessionHeads(ProjectSettings settings, PicturePool pool)
{
    private const ulong FoldStream = 20;

    private readonly ConcurrentDictionary<string, Fitted> known = [];
    private readonly ConcurrentDictionary<string, Lock> fitting = [];

    /// <summary>The head of some labels; null while there are no features, or one class alone.</summary>
    internal LiveHead? Of(string finding, IReadOnlyList<(string Picture, int Class)> labels)
    {
        if (pool.Features is null) return null;
        lock (fitting.GetOrAdd(finding, _ => new()))
        {
            if (known.TryGetValue(finding, out var last) && last.Labels.SequenceEqual(labels)) return last.Head;
            var head = Fit(labels, settings, pool);
            known[finding] = new(labels, head);
            return head;
        }
    }

    /// <summary>
    /// The last head of a finding that was fitted, maybe of fewer labels than there are now; where there is none, one of these labels.
    /// </summary>
    internal LiveHead? LastOf(string finding, IReadOnlyList<(string Picture, int Class)> labels) =>
        known.TryGetValue(finding, out var last) && last.Head is { } head ? head : Of(finding, labels);

    /// <summary>A head of labels of this pool; null while there are no features, or one class alone.</summary>
    internal static LiveHead? Fit(IReadOnlyList<(string Picture, int Class)> labels, ProjectSettings settings, PicturePool pool)
    {
        if (pool is not { Features: { } features, Means: { } means }) return null;
        (string Picture, int Class)[] own = [.. labels.Where(l => pool.Has(l.Picture))];
        return LiveHead.Fit(
            features, means, [.. own.Select(l => pool.RowOf(l.Picture))], [.. own.Select(l => l.Class)], settings.Classes,
            CounterRandom.Hash(settings.Seed, FoldStream));
    }

    private sealed record Fitted(IReadOnlyList<(string Picture, int Class)> Labels, LiveHead? Head);
}
