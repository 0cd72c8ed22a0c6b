using RadTex.Selection;

namespace RadTex.Studio.Labelling;

/// <summary>The head of each finding's labels, fitted when it is asked for and kept until a label changes. Safe for use by several threads.</summary>
internal sealed class SessionHeads(ProjectSettings settings, PicturePool pool)
{
    private const ulong FoldStream = 20;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (IReadOnlyList<(string Picture, int Class)> Labels, LiveHead? Head)> known = [];

    /// <summary>The head of some labels; null while there are no features, or one class alone.</summary>
    internal LiveHead? Of(string finding, IReadOnlyList<(string Picture, int Class)> labels)
    {
        if (pool.Features is null) return null;
        lock (gate)
        {
            if (known.TryGetValue(finding, out var last) && last.Labels.SequenceEqual(labels)) return last.Head;
            var head = Fit(labels, settings, pool);
            known[finding] = (labels, head);
            return head;
        }
    }

    /// <summary>A head of labels of this pool; null while there are no features, or one class alone.</summary>
    internal static LiveHead? Fit(IReadOnlyList<(string Picture, int Class)> labels, ProjectSettings settings, PicturePool pool)
    {
        if (pool is not { Features: { } features, Means: { } means }) return null;
        (string Picture, int Class)[] own = [.. labels.Where(l => pool.Has(l.Picture))];
        return LiveHead.Fit(
            features, means, [.. own.Select(l => pool.RowOf(l.Picture))], [.. own.Select(l => l.Class)], settings.Classes,
            CounterRandom.Hash(settings.Seed, FoldStream));
    }
}
