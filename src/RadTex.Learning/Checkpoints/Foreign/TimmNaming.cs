using RadTex.Learning.Models;
using RadTex.Learning.Models.Encoders;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// timm's names of a vision transformer, which are those here; MAE's and DINOv2's own files have them too. A decoder, a mask token and the classifier
/// are left out.
/// </summary>
internal sealed class TimmNaming : WeightNaming
{
    private const string Projection = "patch_embed.proj.weight", Positions = "pos_embed", ClassToken = "cls_token", Registers = "reg_token";

    internal override string Title => "a vision transformer under timm's names";

    internal override (string First, string Second) Marks => (Projection, "blocks.0.attn.qkv.weight");

    internal override IReadOnlyList<string> LeftOut => ["head.weight", "head.bias", "mask_token", "decoder_*"];

    internal override InputLayer Input => new(Projection, "patch_embed.proj.bias", IsSubtracted: false, "its bias");

    internal override bool HasHeads => true;

    internal override ForeignNetwork Translate(Dictionary<string, Tensor> weights, string path, int? heads) => Describe(weights, path, heads);

    internal override void Resize(Dictionary<string, Tensor> weights, ForeignNetwork network, int imageSize)
    {
        var shape = VisionTransformer.Known[network.Architecture];
        int side = imageSize / shape.Patch;
        weights[Positions] = VisionTransformer.Positions(weights[Positions].to(ScalarType.Float32), shape.PrefixPositions, side, side);
    }

    /// <summary>Which transformer a state dict of timm's names is. DINOv2's own registers become timm's.</summary>
    internal static ForeignNetwork Describe(Dictionary<string, Tensor> weights, string path, int? heads)
    {
        Move(weights, "register_tokens", Registers);
        long[] Shape(string name, int dimensions) => weights.TryGetValue(name, out var tensor) && tensor.dim() == dimensions
            ? tensor.shape
            : throw new UserErrorException($"{path}: the vision transformer lacks {name} of {dimensions} dimensions.");
        if (Shape(Projection, 4) is not [var D, 1 or 3, var patch, var patchWidth] || patch != patchWidth)
            throw new UserErrorException(
                $"{path}: {Projection} is [{string.Join(",", weights[Projection].shape)}], expected [width, 1 or 3, P, P].");
        int layers = Enumerable.Range(0, 1000).TakeWhile(i => weights.ContainsKey($"blocks.{i}.attn.qkv.weight")).Count();
        int registers = weights.ContainsKey(Registers) ? (int)Shape(Registers, 3)[1] : 0;
        if (registers > 0) MovePositionOfClass(weights);
        var pooling = !weights.ContainsKey(ClassToken) ? TokenPooling.Mean
            : weights.ContainsKey("fc_norm.weight") ? TokenPooling.NormedMean : TokenPooling.Class;
        var found = new VisionShape(
            layers, heads ?? (int)(D / 64), (int)patch, pooling, weights.ContainsKey("blocks.0.ls1.gamma"), registers);
        var name = VisionTransformer.Known.FirstOrDefault(k => k.Value == found).Key;
        if (name is null || D % found.Heads != 0)
            throw new UserErrorException(
                $"{path} is a vision transformer of width {D}, {found.Layers} layers, {found.Heads} heads, patches of {patch} pixels, {registers} "
                    + $"registers, {(found.HasLayerScale ? "with" : "without")} LayerScale, which is none of "
                    + $"{string.Join(", ", VisionTransformer.Known.Keys)} (12 layers; 3, 6 or 12 heads). If the heads are others, say how many.");
        long count = Shape(Positions, 3)[1] - found.PrefixPositions, side = (long)Math.Round(Math.Sqrt(count));
        return side * side == count
            ? new(name, (int)(D / found.Heads), (int)(side * patch))
            : throw new UserErrorException(
                $"{path}: {Positions} has {count + found.PrefixPositions} positions; expected {found.PrefixPositions} and a square of patches. "
                    + "Positions of pictures that are no squares cannot be read.");
    }

    // A position of the class token is part of that token where there are registers, as timm keeps them.
    private static void MovePositionOfClass(Dictionary<string, Tensor> weights)
    {
        if (!weights.TryGetValue(Positions, out var all) || all.dim() != 3 || !weights.TryGetValue(ClassToken, out var token)) return;
        long count = all.shape[1] - 1, side = (long)Math.Round(Math.Sqrt(count));
        if (side * side != count) return;
        weights[ClassToken] = token.to(ScalarType.Float32).add(all.narrow(1, 0, 1), Scalars.One);
        weights[Positions] = all.narrow(1, 1, count);
    }
}
