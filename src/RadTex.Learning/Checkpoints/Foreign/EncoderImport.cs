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

/// <summary>
/// Others' ResNet weights as an encoder folder. Every key must fit: one that is missing, left over or of another shape is an error.
/// </summary>
public static class EncoderImport
{
    private const int LargestSide = 4096;
    private const string Mark = "conv1.weight", Counter = "num_batches_tracked";
    private static readonly string[] Classifier = ["fc.weight", "fc.bias"];

    /// <summary>Reads a state dict and writes an encoder with its card.</summary>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="path">safetensors, or a PyTorch file.</param>
    /// <param name="output">The encoder's folder.</param>
    /// <param name="options">What the file does not say; null for what it and its origin say.</param>
    /// <returns>The card, and what a user must know of the import.</returns>
    /// <exception cref="UserErrorException">The file is refused, or its weights are not such an encoder's.</exception>
    public static (EncoderCard Card, IReadOnlyList<string> Notes) Run(
        EncoderOrigin origin, string path, string output, ImportOptions? options = null)
    {
        options ??= new();
        var (channels, imageSize, scaling, keys, force) = options;
        if (imageSize is { } s and (< ResNet.ImageReduction or > LargestSide))
            throw new UserErrorException($"An image size of {s} pixels: expected {ResNet.ImageReduction} to {LargestSide:N0}.");
        using var claim = OutputFolder.Open(output, FolderKind.Encoder);
        TorchLibrary.EnsureLoaded();
        using var foreign = origin.Open(path);
        EncoderFolder.RequireSame(output, foreign.Sha256, force);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var notes = new List<string>();
        var weights = Rename(foreign, keys ?? KeyMap.None);
        var prefix = StripPrefix(ref weights, path);
        if (prefix.Length > 0) notes.Add($"keys without their prefix '{prefix}'");
        foreach (var name in Classifier)
            if (weights.Remove(name, out var left)) notes.Add($"left out the classifier's {name} [{string.Join(",", left.shape)}]");
        var (architecture, width) = Describe(weights, path);
        if (origin.Architecture is { } only && architecture != only)
            throw new UserErrorException(
                $"{path} is a {architecture}; {origin.Title} publishes a {only}. Use the step 'import state-dict' for other encoders.");
        var exported = foreign.Card is null ? null : EncoderFolder.Parse(foreign.Card, path);
        int own = (int)weights[Mark].shape[1], wanted = channels ?? (origin is { Scaling: null, GreyScaling: not null } ? 1 : own);
        bool sums = (own, wanted) is (3, 1);
        if (own != wanted && !sums)
            throw new UserErrorException(
                $"{path} takes {own} image channels and cannot be made to take {wanted}. Expected 1, or 3 where the file has 3.");
        // What the file's own channels were fed, then what the encoder's are.
        var trained = (exported is null ? (IntensityScaling?)null : IntensityScalings.Parse(exported.Scaling))
            ?? (own == 1 ? origin.GreyScaling : origin.Scaling) ?? (sums ? origin.GreyScaling : null) ?? scaling
            ?? throw new UserErrorException(
                $"A state dict does not say how pixels become its {own}-channel input. Give the setting 'scaling', one of "
                    + $"{string.Join(", ", IntensityScalings.Names)}.");
        var taken = scaling ?? (sums && trained == IntensityScaling.ImageNet ? IntensityScaling.Max : trained);
        if (sums || origin.TrainedWith is not null)
        {
            InputFold.Apply(weights, origin.TrainedWith ?? trained.Standardisation(own), taken.Standardisation(wanted));
            if (sums) notes.Add("the first convolution summed over its three channels, their standardisation folded into it and its batch norm");
            if (origin.TrainedWith is not null) notes.Add("the input it was trained with folded into the first convolution and its batch norm");
        }
        AddCounters(weights, notes);

        using var encoder = Encoders.Create(new(architecture, width, wanted));
        ModuleWeights.Load(encoder, weights, path);
        int side = imageSize ?? exported?.ImageSize ?? origin.ImageSize
            ?? throw new UserErrorException("A state dict does not say the image size it was trained on. Give the setting 'image-size', in pixels.");
        var input = new RadiographInput(side, wanted, taken); // refuses what does not go together
        if (exported is not null) notes.Add($"its input, intensity and origin are those of the card RadTex exported with it ({exported.Provenance})");
        var title = origin.Architecture is null ? $"{origin.Title} {architecture}" : origin.Title;
        var card = EncoderFolder.Write(output, encoder, new(
            architecture, width, wanted, input.ImageSize, taken.Name(), exported?.Polarity ?? "MONOCHROME2", 0,
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

    // DataParallel's "module.", Lightning's "model." and the like stand before every key.
    private static string StripPrefix(ref Dictionary<string, Tensor> weights, string path)
    {
        var all = weights;
        var found = weights.Keys.Where(k => k.EndsWith(Mark, StringComparison.Ordinal)).Select(k => k[..^Mark.Length])
            .Where(p => all.ContainsKey(p + "layer1.0.conv1.weight")).MinBy(p => p.Length)
            ?? throw new UserErrorException(
                $"{path} holds no ResNet under torchvision's names: no conv1.weight beside layer1.0.conv1.weight. Its "
                    + $"{all.Count:N0} keys begin with {string.Join(", ", all.Keys.Take(4).Select(PickleNames.Printable))}. Give "
                    + "the setting 'key-map'.");
        weights = weights.ToDictionary(
            w => w.Key.StartsWith(found, StringComparison.Ordinal) ? w.Key[found.Length..] : w.Key, w => w.Value, StringComparer.Ordinal);
        return found;
    }

    /// <summary>Which ResNet a state dict of torchvision's names is.</summary>
    internal static (string Architecture, int Width) Describe(Dictionary<string, Tensor> weights, string path)
    {
        if (weights[Mark].shape is not [var width, 1 or 3, 7, 7] || width > 1024)
            throw new UserErrorException(
                $"{path}: the first convolution is [{string.Join(",", weights[Mark].shape)}], expected [width, 1 or 3, 7, 7] "
                    + "with a width of at most 1,024.");
        int[] blocks = [.. Enumerable.Range(1, 4)
            .Select(layer => Enumerable.Range(0, 100).TakeWhile(b => weights.ContainsKey($"layer{layer}.{b}.{Mark}")).Count())];
        bool bottleneck = weights.ContainsKey("layer1.0.conv3.weight");
        return (ResNet.NameOf(blocks, bottleneck) ?? throw new UserErrorException(
            $"{path} is a ResNet of {string.Join(", ", blocks)} {(bottleneck ? "bottleneck" : "basic")} blocks, which is "
                + $"none of {string.Join(", ", ResNet.Names)}."), (int)width);
    }

    // torch before 0.4.1 did not count batches; the count changes no number in evaluation.
    private static void AddCounters(Dictionary<string, Tensor> weights, List<string> notes)
    {
        if (weights.Keys.Any(k => k.EndsWith(Counter, StringComparison.Ordinal))) return;
        foreach (var norm in weights.Keys.Where(k => k.EndsWith("running_mean", StringComparison.Ordinal)).ToArray())
            weights.Add(norm.Replace("running_mean", Counter, StringComparison.Ordinal), zeros(1, dtype: ScalarType.Int64).reshape());
        notes.Add("batch counts, which the file lacks, set to 0");
    }
}
