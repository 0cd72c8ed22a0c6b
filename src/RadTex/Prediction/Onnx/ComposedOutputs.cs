using System.Security.Cryptography;
using System.Text;

namespace RadTex.Prediction.Onnx;

/// <summary>
/// How the probabilities of several heads, on one encoder or on several networks, become a model's outputs: each its own column, or in an ensemble of
/// each label and class the mean of its members' (not of their logits: a member that rules a class out has a logit of minus infinity).
/// </summary>
internal sealed class ComposedOutputs
{
    private readonly int[][] columns; // of the networks' outputs side by side, for each output those it is the mean of

    private ComposedOutputs(ModelNotes notes, int[][] columns, int width) => (Notes, this.columns, Width) = (notes, columns, width);

    /// <summary>Of the whole.</summary>
    internal ModelNotes Notes { get; }

    /// <summary>Columns that come in.</summary>
    internal int Width { get; }

    /// <param name="parts">Of each network.</param>
    /// <param name="averages">Whether columns of the same label and class become one.</param>
    /// <exception cref="UserErrorException">The networks take different inputs.</exception>
    internal static ComposedOutputs Of(IReadOnlyList<ModelNotes> parts, bool averages)
    {
        var first = parts[0];
        foreach (var part in parts.Skip(1))
            if (part.Preprocessing() != first.Preprocessing())
                throw new UserErrorException(
                    $"The networks take different inputs and cannot run on one: {first.Preprocessing()}; and {part.Preprocessing()}.");
        var all = parts.SelectMany(p => p.Outputs.Select(o => (Output: o, Sha256: p.Encoder.WeightsSha256)))
            .Select((o, i) => (o.Output, Member: new ModelMember(o.Output.Head, o.Sha256), Column: i)).ToArray();
        var groups = averages ? all.GroupBy(o => (o.Output.Label, o.Output.Class)).Select(g => g.ToArray())
            .ToArray() : [.. all.Select(o => new[] { o })];
        ModelOutput[] outputs = [.. groups.Select(g => g.Length == 1 ? g[0].Output with { Members = [g[0].Member] }
            // The members' thresholds are not their mean's, and what was done to one is not done to all.
            : new ModelOutput(
                g[0].Output.Label, g[0].Output.Class, NameOf([.. g.Select(o => o.Output.Head)]), g.Min(o => o.Output.Examples), null, null,
                [.. g.Select(o => o.Member)], g[0].Output.Classes))];
        var encoders = parts.Select(p => p.Encoder).ToArray();
        var card = parts.Count == 1 ? first.Encoder : first.Encoder with
        {
            FeatureWidth = encoders.Sum(e => e.FeatureWidth),
            Provenance = $"{parts.Count} networks side by side; the first: {first.Encoder.Provenance}",
            Synthetic = encoders.Any(e => e.Synthetic),
            WeightsSha256 = Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(encoders.Select(e => e.WeightsSha256 + "\n"))))),
        };
        var notes = first with
        {
            Encoder = card,
            Outputs = outputs,
            Seen = parts.Skip(1).Aggregate(first.Seen, (seen, p) => seen.With(p.Seen)),
            Likeness = first.Likeness?.ForWeights(card.WeightsSha256), // the first network's features are the first of all
        };
        return new(notes, [.. groups.Select(g => g.Select(o => o.Column).ToArray())], all.Length);
    }

    /// <summary>[n, K] of the networks' columns side by side to [n, outputs].</summary>
    internal float[] Apply(float[] probabilities, int count)
    {
        var composed = new float[count * columns.Length];
        for (int i = 0; i < count; i++)
            for (int k = 0; k < columns.Length; k++)
                composed[i * columns.Length + k] = (float)columns[k].Average(c => (double)probabilities[i * Width + c]);
        return composed;
    }

    /// <summary>The same as a matrix, [K, outputs].</summary>
    internal float[] Matrix()
    {
        var matrix = new float[Width * columns.Length];
        for (int k = 0; k < columns.Length; k++)
            foreach (int c in columns[k]) matrix[c * columns.Length + k] = 1f / columns[k].Length;
        return matrix;
    }

    /// <summary>"Edema/n100/trials0,1,2/logistic": names that differ in the trial alone in one; others with plus signs.</summary>
    private static string NameOf(string[] heads)
    {
        var parts = heads.Select(h => h.Split('/')).ToArray();
        int at = Array.FindIndex(parts[0], p => p.StartsWith("trial", StringComparison.Ordinal));
        bool alike = at >= 0 && parts.All(
            p => p.Length == parts[0].Length && p.Where((_, i) => i != at).SequenceEqual(parts[0].Where((_, i) => i != at))
                && p[at].StartsWith("trial", StringComparison.Ordinal));
        if (!alike) return string.Join(" + ", heads);
        parts[0][at] = $"trials{string.Join(',', parts.Select(p => p[at]["trial".Length..]))}";
        return string.Join('/', parts[0]);
    }
}
