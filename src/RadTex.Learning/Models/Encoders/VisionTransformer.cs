using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>
/// Vision transformers (Dosovitskiy et al. 2021; Touvron et al. 2021 for the small ones) with timm's state names, without its classifier. The
/// features are the patches' last tokens, laid out as the patches lie in the picture.
/// </summary>
/// <remarks>
/// Names: <c>vit-SIZE-PATCH</c>, SIZE tiny, small or base (3, 6, 12 heads; 12 layers), and what follows: nothing for class pooling, <c>-gap</c> for
/// the mean of normed patches, <c>-avg</c> for a norm after the mean, <c>-dino</c> for DINOv2's LayerScale, <c>-reg4</c> for its four registers. The
/// width D is the spec's width times the heads. Residual sums, norms and softmax keep the parameters' type; products have the images'.
/// </remarks>
internal sealed class VisionTransformer : ImageEncoder
{
    private const double NormEpsilon = 1e-6, TokenDeviation = 1e-6;
    private const int Depth = 12;

    private static readonly Dictionary<string, VisionShape> Shapes = new(
        from size in ((string Name, int Heads)[])[("tiny", 3), ("small", 6), ("base", 12)]
        from kind in (KeyValuePair<string, VisionShape>[])
        [
            new("16", new(Depth, size.Heads, 16)),
            new("16-gap", new(Depth, size.Heads, 16, TokenPooling.Mean)),
            new("16-avg", new(Depth, size.Heads, 16, TokenPooling.NormedMean)),
            new("14-dino", new(Depth, size.Heads, 14, HasLayerScale: true)),
            new("14-dino-reg4", new(Depth, size.Heads, 14, HasLayerScale: true, Registers: 4)),
        ]
        select new KeyValuePair<string, VisionShape>($"vit-{size.Name}-{kind.Key}", kind.Value));

    private readonly PatchEmbedding patch_embed;
    private readonly Parameter? cls_token, reg_token;
    private readonly Parameter pos_embed;
    private readonly ModuleList<VisionBlock> blocks;
    private readonly LayerNorm? norm, fc_norm;

    /// <param name="spec">An architecture of <see cref="Architectures"/>; the width is that of a head, timm's 64.</param>
    /// <param name="generator">The weights are drawn from it; null: from torch's own, which any thread may use meanwhile.</param>
    public VisionTransformer(EncoderSpec spec, Generator? generator = null) : base(spec)
    {
        Shape = Shapes[spec.Architecture];
        int D = FeatureWidth = spec.Width * Shape.Heads, side = spec.ImageSize / Shape.Patch;
        Parameter NewTokens(int count, double deviation) => nn.Parameter(InitialValues.Normal(deviation, [1, count, D], generator));
        patch_embed = new(spec.Channels, D, Shape.Patch, generator);
        if (Shape.HasClassToken) cls_token = NewTokens(1, TokenDeviation);
        if (Shape.Registers > 0) reg_token = NewTokens(Shape.Registers, TokenDeviation);
        pos_embed = NewTokens(Shape.PrefixPositions + side * side, InitialValues.Deviation);
        blocks = new([.. Enumerable.Range(0, Shape.Layers).Select(_ => new VisionBlock(D, Shape, NormEpsilon, generator))]);
        if (Shape.Pooling == TokenPooling.NormedMean) fc_norm = new(D, NormEpsilon);
        else norm = new(D, NormEpsilon);
        RegisterComponents();
    }

    /// <summary>The entries of <see cref="Encoders"/>.</summary>
    internal static IEnumerable<EncoderArchitecture> Architectures =>
        Shapes.Select(s => new EncoderArchitecture(s.Key, s.Value.Patch, (spec, generator) => new VisionTransformer(spec, generator), s.Value.Patch));

    /// <summary>The transformers that can be built, by name.</summary>
    internal static IReadOnlyDictionary<string, VisionShape> Known => Shapes;

    internal VisionShape Shape { get; }

    /// <summary>D.</summary>
    public override int FeatureWidth { get; }

    public override int Reduction => Shape.Patch;

    /// <summary>
    /// [B, C, S, S] to the patches' tokens after half of the blocks, as they enter the last block, and the features: [B, D, S/P, S/P] each.
    /// </summary>
    public override Tensor[] Stages(Tensor images)
    {
        var stages = new List<Tensor>();
        var last = Tokens(images, (layer, tokens) =>
        {
            if (layer != Shape.Layers / 2 && layer != Shape.Layers - 1) return tokens;
            var map = Map(tokens, images); // what follows is made from it, so that it is part of their graph
            stages.Add(map);
            return cat([tokens.narrow(1, 0, Shape.Prefix), map.flatten(2).transpose(1, 2)], 1);
        });
        return [.. stages, Map(Normed(last), images).to(images.dtype)];
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Map(Normed(Tokens(images)), images).to(images.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>[B, C, S, S] to one vector a radiograph, [B, D], as <see cref="VisionShape.Pooling"/> says, in the parameters' type.</summary>
    public override Tensor Pool(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Pooled(Tokens(images)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override (Tensor Features, Tensor Pooled) Encode(Tensor images)
    {
        using var scope = NewDisposeScope();
        var tokens = Tokens(images);
        return (Map(Normed(tokens), images).to(images.dtype).MoveToOuterDisposeScope(), Pooled(tokens).MoveToOuterDisposeScope());
    }

    private Tensor Pooled(Tensor tokens)
    {
        var pooled = Shape.Pooling == TokenPooling.Class ? Normed(tokens.narrow(1, 0, 1)).squeeze(1) : Patches(Normed(tokens)).mean([1L]);
        return fc_norm?.forward(pooled) ?? pooled;
    }

    /// <summary>Rolled-out attention: each layer's, its heads' mean, half of each token going on as it is.</summary>
    public override Tensor? RollOut(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var tokens = Embed(images);
        var half = Scalars.Of(0.5);
        var identity = eye(tokens.shape[1], dtype: tokens.dtype, device: tokens.device).mul(half);
        Tensor? flow = null; // [B, T, T]
        foreach (var block in blocks)
        {
            var mixed = block.Weights(tokens, images.dtype).mul(half).add(identity, Scalars.One);
            flow = flow is null ? mixed : mixed.matmul(flow);
            tokens = block.Forward(tokens, images.dtype);
        }
        var ofPatches = Patches(Patches(flow!), 2); // [B, P, P]
        var pooled = Shape.Pooling == TokenPooling.Class ? Patches(flow!, 2).narrow(1, 0, 1) : ofPatches.mean([1L], keepdim: true); // [B, 1, P]
        return cat([pooled, ofPatches], 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Fitted(string name, Tensor weight)
    {
        int side = Spec.ImageSize / Shape.Patch;
        return name == nameof(pos_embed) ? Positions(weight, Shape.PrefixPositions, side, side) : weight;
    }

    /// <inheritdoc/>
    public override void OpenBranches()
    {
        base.OpenBranches();
        foreach (var block in blocks) block.OpenBranches();
    }

    /// <summary>
    /// Learned positions [1, K + N, D] of a square of patches, K of them of no patch, for another rectangle: bicubic, as DINOv2 makes them.
    /// </summary>
    internal static Tensor Positions(Tensor learned, int prefix, long height, long width)
    {
        long count = learned.shape[1] - prefix, side = (long)Math.Round(Math.Sqrt(count));
        if (side == height && side == width) return learned.alias();
        using var scope = NewDisposeScope();
        var grid = learned.narrow(1, prefix, count).reshape(1, side, side, -1).permute(0, 3, 1, 2); // [1, D, side, side]
        var resized = nn.functional.interpolate(grid, size: [height, width], mode: InterpolationMode.Bicubic, align_corners: false);
        return cat([learned.narrow(1, 0, prefix), resized.flatten(2).transpose(1, 2)], 1).MoveToOuterDisposeScope();
    }

    // [B, C, S, S] to all tokens after the last block, [B, T, D]; each block's input may be replaced.
    private Tensor Tokens(Tensor images, Func<int, Tensor, Tensor>? before = null)
    {
        var tokens = Embed(images);
        for (int layer = 0; layer < blocks.Count; layer++)
            tokens = blocks[layer].Forward(before?.Invoke(layer, tokens) ?? tokens, images.dtype);
        return tokens;
    }

    // Class token, registers, patches with their positions: [B, T, D].
    private Tensor Embed(Tensor images)
    {
        long B = images.shape[0], height = images.shape[2] / Shape.Patch, width = images.shape[3] / Shape.Patch;
        var positions = Positions(pos_embed, Shape.PrefixPositions, height, width);
        var patches = patch_embed.forward(images).to(pos_embed.dtype)
            .add(positions.narrow(1, Shape.PrefixPositions, height * width), Scalars.One); // [B, P, D]
        var tokens = new List<Tensor>();
        if (cls_token is not null)
            tokens.Add(Shape.PrefixPositions > 0 ? cls_token.add(positions.narrow(1, 0, 1), Scalars.One) : cls_token);
        if (reg_token is not null) tokens.Add(reg_token);
        return cat([.. tokens.Select(t => t.expand(B, -1, -1)), patches], 1);
    }

    private Tensor Normed(Tensor tokens) => norm?.forward(tokens) ?? tokens;

    private Tensor Patches(Tensor tokens, int dimension = 1) =>
        tokens.narrow(dimension, Shape.Prefix, tokens.shape[dimension] - Shape.Prefix);

    // [B, T, D] to [B, D, S/P, S/P]
    private Tensor Map(Tensor tokens, Tensor images) => Patches(tokens).transpose(1, 2)
        .reshape(tokens.shape[0], FeatureWidth, images.shape[2] / Shape.Patch, images.shape[3] / Shape.Patch);
}
