using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// A way to name a network's weights: how a state dict of it is told from others, which network it is, and what its keys are called here. One file a
/// naming, and a line in <see cref="All"/>.
/// </summary>
internal abstract class WeightNaming
{
    /// <summary>Every naming that is read.</summary>
    internal static IReadOnlyList<WeightNaming> All { get; } =
        [new ResNetNaming(), new DenseNetNaming(), new TimmNaming(), new TorchvisionVisionNaming(), new HuggingFaceDinoNaming()];

    /// <summary>In words, such as "a ResNet under torchvision's names".</summary>
    internal abstract string Title { get; }

    /// <summary>Two keys that lie under one prefix in every state dict of it.</summary>
    internal abstract (string First, string Second) Marks { get; }

    /// <summary>Keys that are left out, and said to be: of a classifier and the like. A * at the end stands for all that begin so.</summary>
    internal abstract IReadOnlyList<string> LeftOut { get; }

    /// <summary>The first layer, under the names that <see cref="Translate"/> leaves.</summary>
    internal abstract InputLayer Input { get; }

    /// <summary>Whether it has attention, whose number of heads the weights do not tell.</summary>
    internal virtual bool HasHeads => false;

    /// <summary>Which network it is; its keys become those here.</summary>
    /// <param name="weights">By name, without prefix and what is left out; changed.</param>
    /// <param name="path">For messages.</param>
    /// <param name="heads">Of attention; null for one each 64 of the width.</param>
    /// <exception cref="UserErrorException">It is none that can be built.</exception>
    internal abstract ForeignNetwork Translate(Dictionary<string, Tensor> weights, string path, int? heads);

    /// <summary>Fits learned positions to another image size; nothing to networks without.</summary>
    internal virtual void Resize(Dictionary<string, Tensor> weights, ForeignNetwork network, int imageSize) { }

    /// <summary>The naming of a state dict, and the prefix before each of its keys, such as DataParallel's "module.".</summary>
    /// <exception cref="UserErrorException">It follows none.</exception>
    internal static (WeightNaming Naming, string Prefix) Find(IReadOnlyDictionary<string, Tensor> weights, string path)
    {
        foreach (var naming in All)
        {
            var (first, second) = naming.Marks;
            if (weights.Keys.Where(k => k.EndsWith(first, StringComparison.Ordinal)).Select(k => k[..^first.Length])
                .Where(p => weights.ContainsKey(p + second)).MinBy(p => p.Length) is { } prefix) return (naming, prefix);
        }
        throw new UserErrorException(
            $"{path} holds none of {string.Join("; ", All.Select(n => $"{n.Title} ({n.Marks.First} beside {n.Marks.Second})"))}. Its "
                + $"{weights.Count:N0} keys begin with {string.Join(", ", weights.Keys.Take(4).Select(PickleNames.Printable))}. "
                + "Give the setting 'key-map'.");
    }

    /// <summary>Whether a key is one of patterns.</summary>
    internal static bool IsAmong(IEnumerable<string> patterns, string key) =>
        patterns.Any(p => p.EndsWith('*') ? key.StartsWith(p[..^1], StringComparison.Ordinal) : key == p);

    /// <summary>Renames a key, where it is there.</summary>
    private protected static void Move(Dictionary<string, Tensor> weights, string from, string to)
    {
        if (weights.Remove(from, out var tensor)) weights[to] = tensor;
    }
}
