using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Encoders;
using RadTex.Prediction.Onnx;
using static RadTex.Prediction.Onnx.GraphBuilder;
using static TorchSharp.torch;

namespace RadTex.Learning.Export;

/// <summary>A vision transformer in ONNX's operators, from the names of its weights. LayerScale becomes part of the products before it.</summary>
internal sealed class VisionTransformerBody
{
    private const float Epsilon = 1e-6f;

    private readonly GraphBuilder graph;
    private readonly Dictionary<string, Tensor> weights;
    private readonly VisionTransformer encoder;
    private readonly VisionShape shape;
    private readonly int width;

    private VisionTransformerBody(GraphBuilder graph, VisionTransformer encoder)
    {
        (this.graph, this.encoder, shape, width) = (graph, encoder, encoder.Shape, encoder.FeatureWidth);
        weights = ModuleWeights.Of(encoder).ToDictionary(w => w.Name, w => w.Tensor);
        for (long i = 0; i < 3; i++) graph.Constant<long>(Number(i), [i], 1);
    }

    /// <inheritdoc cref="EncoderBody"/>
    internal static EncoderOutputs Add(GraphBuilder graph, string image, ImageEncoder encoder, bool foldBatchNorm)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return new VisionTransformerBody(graph, (VisionTransformer)encoder).Build(image);
    }

    private EncoderOutputs Build(string image)
    {
        var tokens = Embed(image);
        for (int layer = 0; layer < shape.Layers; layer++) tokens = Block(tokens, $"blocks.{layer}");
        if (shape.Pooling != TokenPooling.NormedMean) tokens = Norm(tokens, "norm");
        int side = encoder.Spec.ImageSize / shape.Patch;
        var patches = graph.Node("Slice", "patches",
            [tokens, graph.Constant<long>("patches.first", [shape.Prefix], 1), graph.Constant<long>("patches.end", [long.MaxValue], 1), Number(1)]);
        var map = Reshaped(graph.Node("Transpose", "patches.channels", [patches], Attribute("perm", 0, 2, 1)), "map", 0, width, side, side);
        return shape.Pooling switch
        {
            TokenPooling.Class => new(
                map, graph.Node("Squeeze", "class.token", [graph.Node("Gather", "class", [tokens, Number(0)], Attribute("axis", 1L)), Number(1)])),
            TokenPooling.NormedMean => new(
                map, Norm(graph.Node("ReduceMean", "mean", [patches], Attribute("axes", [1L]), Attribute("keepdims", 0L)), "fc_norm")),
            _ => new(map),
        };
    }

    private string Embed(string image)
    {
        var convolved = graph.Node("Conv", "patch_embed.out",
            [image, graph.Constant("patch_embed.proj.weight", weights["patch_embed.proj.weight"]),
                graph.Constant("patch_embed.proj.bias", weights["patch_embed.proj.bias"])],
            Attribute("kernel_shape", shape.Patch, shape.Patch), Attribute("strides", shape.Patch, shape.Patch));
        var rows = graph.Node(
            "Transpose", "patch_embed.rows", [Reshaped(convolved, "patch_embed.flat", 0, width, -1)], Attribute("perm", 0, 2, 1)); // [b, P, D]
        var positions = weights["pos_embed"];
        int own = shape.PrefixPositions;
        var placed = graph.Node("Add", "patch_embed.placed",
            [rows, graph.Constant("positions", positions.narrow(1, own, positions.shape[1] - own))]);
        if (shape.Prefix == 0) return placed;
        var tokens = new List<Tensor>();
        if (shape.HasClassToken) tokens.Add(own > 0 ? weights["cls_token"].add(positions.narrow(1, 0, 1), Scalars.One) : weights["cls_token"]);
        if (shape.Registers > 0) tokens.Add(weights["reg_token"]);
        // As often as there are pictures.
        var batch = graph.Node("Shape", "batch.size", [image], Attribute("start", 0L), Attribute("end", 1L));
        var sizes = graph.Node("Concat", "prefix.shape", [batch, Number(1), Number(1)], Attribute("axis", 0L));
        var prefix = graph.Node("Expand", "prefix", [graph.Constant("prefix.tokens", cat([.. tokens], 1)), sizes]);
        return graph.Node("Concat", "tokens", [prefix, placed], Attribute("axis", 1L));
    }

    private string Block(string tokens, string name)
    {
        int head = width / shape.Heads;
        var joint = Linear(Norm(tokens, $"{name}.norm1"), $"{name}.attn.qkv");
        var parts = graph.Node(
            "Transpose", $"{name}.attn.heads", [Reshaped(joint, $"{name}.attn.split", 0, 0, 3, shape.Heads, head)], Attribute("perm", 2, 0, 3, 1, 4));
        string Part(string part, string index) => graph.Node("Squeeze", $"{name}.attn.{part}",
            [graph.Node("Gather", $"{name}.attn.{part}.one", [parts, index], Attribute("axis", 0L)), Number(0)]); // [b, H, T, D/H]
        var query = graph.Node("Mul", $"{name}.attn.scaled",
            [Part("query", Number(0)), graph.Constant<float>($"{name}.attn.scale", [(float)(1 / Math.Sqrt(head))])]);
        var key = graph.Node("Transpose", $"{name}.attn.keys", [Part("key", Number(1))], Attribute("perm", 0, 1, 3, 2));
        var scores = graph.Node(
            "Softmax", $"{name}.attn.weights", [graph.Node("MatMul", $"{name}.attn.scores", [query, key])], Attribute("axis", -1L));
        var attended = graph.Node("Transpose", $"{name}.attn.tokens",
            [graph.Node("MatMul", $"{name}.attn.attended", [scores, Part("value", Number(2))])], Attribute("perm", 0, 2, 1, 3));
        tokens = graph.Node("Add", $"{name}.attn.sum",
            [tokens, Linear(Reshaped(attended, $"{name}.attn.merged", 0, 0, width), $"{name}.attn.proj", $"{name}.ls1.gamma")]);
        var inner = Gelu(Linear(Norm(tokens, $"{name}.norm2"), $"{name}.mlp.fc1"));
        return graph.Node("Add", $"{name}.mlp.sum", [tokens, Linear(inner, $"{name}.mlp.fc2", $"{name}.ls2.gamma")]);
    }

    // A product with the weight's transpose, and the bias; both times a scale, where there is one.
    private string Linear(string x, string name, string? scale = null)
    {
        var (weight, bias) = (weights[$"{name}.weight"].t(), weights[$"{name}.bias"]); // [in, out], [out]
        if (scale is not null && weights.TryGetValue(scale, out var gamma)) (weight, bias) = (weight * gamma, bias * gamma);
        var product = graph.Node("MatMul", $"{name}.product", [x, graph.Constant($"{name}.weight", weight)]);
        return graph.Node("Add", $"{name}.out", [product, graph.Constant($"{name}.bias", bias)]);
    }

    private string Norm(string x, string name) => graph.Node("LayerNormalization", $"{name}.out",
        [x, graph.Constant($"{name}.weight", weights[$"{name}.weight"]), graph.Constant($"{name}.bias", weights[$"{name}.bias"])],
        Attribute("axis", -1L), Attribute("epsilon", Epsilon));

    // x (1 + erf(x / sqrt 2)) / 2, in the order that ONNX Runtime knows it by.
    private string Gelu(string x)
    {
        string Value(string name, double value) => graph.Constant<float>($"{x}.{name}", [(float)value]);
        var erf = graph.Node("Erf", $"{x}.erf", [graph.Node("Div", $"{x}.over", [x, Value("sqrt2", Math.Sqrt(2))])]);
        var product = graph.Node("Mul", $"{x}.full", [x, graph.Node("Add", $"{x}.above", [erf, Value("one", 1)])]);
        return graph.Node("Mul", $"{x}.gelu", [product, Value("half", 0.5)]);
    }

    private string Reshaped(string x, string name, params long[] sides) =>
        graph.Node("Reshape", name, [x, graph.Constant<long>($"{name}.shape", sides, sides.Length)]);

    // The constant 0, 1 or 2: an axis or an index.
    private static string Number(long value) => FormattableString.Invariant($"number.{value}");
}
