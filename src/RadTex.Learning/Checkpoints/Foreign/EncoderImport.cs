using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Native;
using RadTex.Prediction;
using RadTex.Studies;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>Others' weights as an encoder folder. Every key must fit: one that is missing, left over or of another shape is an error.</summary>
public static class EncoderImport
{
    private const string Counter = "num_batches_tracked";

    /// <summary>Reads a state dict and writes an encoder with its card.</summary>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="path">safetensors, or a PyTorch file.</param>
    /// <param name="output">The encoder's folder.</param>
    /// <param name="options">What is to be other than the origin's; null for nothing.</param>
    /// <returns>The card, and what a user must know of the import.</returns>
    /// <exception cref="UserErrorException">The file is refused, or its weights are not such an encoder's.</exception>
    public static (EncoderCard Card, IReadOnlyList<string> Notes) Run(
        EncoderOrigin origin, string path, string output, ImportOptions? options = null)
    {
        options ??= new();
        using var claim = OutputFolder.Open(output, FolderKind.Encoder);
        TorchLibrary.EnsureLoaded();
        using var foreign = origin.Open(path);
        EncoderFolder.RequireSame(output, foreign.Sha256, options.Force);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var notes = new List<string>();
        var weights = Rename(foreign, options.Keys ?? KeyMap.None);
        var naming = Strip(ref weights, origin, path, notes);
        if (options.Heads is not null && !naming.HasHeads)
            throw new UserErrorException($"{path} is {naming.Title}, which has no attention heads to be told.") { Setting = "heads" };
        var network = naming.Translate(weights, path, options.Heads);
        if (origin.Sizes is { } known && !known.ContainsKey(network.Architecture))
            throw new UserErrorException(
                $"{path} is a {network.Architecture}; {origin.Title} publishes a {string.Join(" or ", known.Keys)}. "
                    + "Use the step 'import state-dict' for other encoders.");
        var exported = foreign.Card is null ? null : EncoderFolder.Parse(foreign.Card, path);
        int own = (int)weights[naming.Input.Products].shape[1];
        int wanted = options.Channels ?? (origin is { Scaling: null, GreyScaling: not null } ? 1 : own);
        bool sums = (own, wanted) is (3, 1);
        if (own != wanted && !sums)
            throw new UserErrorException(
                $"{path} takes {own} image channels and cannot be made to take {wanted}. Expected 1, or 3 where the file has 3.");
        // What the file's own channels were fed, then what the encoder's are.
        var trained = (exported is null ? (IntensityScaling?)null : IntensityScalings.Parse(exported.Scaling))
            ?? (own == 1 ? origin.GreyScaling : origin.Scaling) ?? (sums ? origin.GreyScaling : null) ?? options.Scaling
            ?? throw new UserErrorException(
                $"A state dict does not say how pixels become its {own}-channel input. Give the setting 'scaling', one of "
                    + $"{string.Join(", ", IntensityScalings.Names)}.");
        var taken = options.Scaling ?? (sums && trained == IntensityScaling.ImageNet ? IntensityScaling.Max : trained);
        var trainedWith = exported is null && own == 3 ? origin.TrainedWith : null;
        if (sums || trainedWith is not null)
        {
            InputFold.Apply(weights, naming.Input, trainedWith ?? trained.Standardisation(own), taken.Standardisation(wanted));
            string into = $"into it and {naming.Input.Title}";
            if (sums) notes.Add($"the first convolution summed over its three channels, their standardisation folded {into}");
            if (trainedWith is not null)
                notes.Add($"the input it was trained with folded into the first convolution and {naming.Input.Title}");
        }
        AddCounters(weights, notes);
        int side = options.ImageSize ?? exported?.ImageSize ?? network.ImageSize ?? origin.SizeOf(network.Architecture)
            ?? throw new UserErrorException("A state dict does not say the image size it was trained on. Give the setting 'image-size', in pixels.");
        var input = new RadiographInput(Math.Max(1, side), wanted, taken); // refuses what does not go together
        var spec = new EncoderSpec(network.Architecture, network.Width, wanted, side);
        if (spec.Faults().Count == 0 && network.ImageSize is { } learned && learned != side)
        {
            naming.Resize(weights, network, side);
            notes.Add($"positions learned at {learned} px interpolated to {side} px");
        }
        using var encoder = Encoders.Create(spec);
        ModuleWeights.Load(encoder, weights, path);
        if (exported is not null) notes.Add($"its input, intensity and origin are those of the card RadTex exported with it ({exported.Provenance})");
        var title = origin.Sizes is { Count: 1 } ? origin.Title : $"{origin.Title} {network.Architecture}";
        var card = EncoderFolder.Write(output, encoder, new(
            network.Architecture, network.Width, wanted, input.ImageSize, taken.Name(), exported?.Polarity ?? "MONOCHROME2", 0,
            $"{title}, imported from {Path.GetFileName(path)} (SHA-256 {foreign.Sha256}){string.Concat(notes.Select(n => "; " + n))}",
            Synthetic: exported?.Synthetic ?? false, "", exported?.Intensity, exported?.ShortSide));
        return (card, notes);
    }

    /// <summary>Applies a key map; two keys may not become one.</summary>
    internal static Dictionary<string, Tensor> Rename(ForeignWeights foreign, KeyMap keys)
    {
        var renamed = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in foreign.Tensors)
            if (keys.Rename(name) is { } to && !renamed.TryAdd(to, tensor))
                throw new UserErrorException(
                    $"The key map gives two keys of {foreign.Path} the name {to}. Give each its own, or null to leave one out.");
        return renamed;
    }

    // Finds the naming; takes the prefix off every key that has it (DataParallel's "module.", Lightning's "model." and the like), and leaves out what
    // is no part of an encoder.
    private static WeightNaming Strip(ref Dictionary<string, Tensor> weights, EncoderOrigin origin, string path, List<string> notes)
    {
        var (naming, prefix) = WeightNaming.Find(weights, path);
        if (prefix.Length > 0) notes.Add($"keys without their prefix '{prefix}'");
        weights = weights.ToDictionary(
            w => w.Key.StartsWith(prefix, StringComparison.Ordinal) ? w.Key[prefix.Length..] : w.Key, w => w.Value, StringComparer.Ordinal);
        string[] left = [.. naming.LeftOut, .. origin.LeftOut];
        foreach (var (name, tensor) in weights.Where(w => WeightNaming.IsAmong(left, w.Key)).ToArray())
        {
            weights.Remove(name);
            notes.Add($"left out {(name.StartsWith("fc.", StringComparison.Ordinal) ? "the classifier's " : "")}"
                + $"{name} [{string.Join(",", tensor.shape)}]");
        }
        return naming;
    }

    // torch before 0.4.1 did not count batches; the count changes no number in evaluation.
    private static void AddCounters(Dictionary<string, Tensor> weights, List<string> notes)
    {
        var norms = weights.Keys.Where(k => k.EndsWith("running_mean", StringComparison.Ordinal)).ToArray();
        if (norms.Length == 0 || weights.Keys.Any(k => k.EndsWith(Counter, StringComparison.Ordinal))) return;
        foreach (var norm in norms)
            weights.Add(norm.Replace("running_mean", Counter, StringComparison.Ordinal), zeros(1, dtype: ScalarType.Int64).reshape());
        notes.Add("batch counts, which the file lacks, set to 0");
    }
}
