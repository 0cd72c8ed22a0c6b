using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Prediction.Onnx;
using static RadTex.Prediction.Onnx.GraphBuilder;
using static TorchSharp.torch;

namespace RadTex.Learning.Export;

/// <summary>
/// The forward direction of a captioning model as two ONNX models (operator set 17). "prefill", once a batch of images: their features to
/// the patches' keys and values. "step", once a token: each row's next token, with the keys and values so far, to the log-probabilities
/// of the token after it and the keys and values with this one.
/// </summary>
/// <remarks>
/// B: images; R: rows, captions that grow; t: tokens fed so far, 0 at first; P: patches. A step's outputs are the next step's inputs as they
/// are: <c>parent_of_row</c> says which old row each new one goes on from, so that a beam search reorders nothing itself, and
/// <c>image_of_row</c> which image it belongs to, so that an image's patches are held once whatever the number of its beams.
/// </remarks>
internal sealed class DecoderGraphs
{
    internal const string Tokens = "tokens", Positions = "positions", ImageOfRow = "image_of_row", ParentOfRow = "parent_of_row",
        LogProbabilities = "log_probabilities";

    private const TensorProto.Types.DataType Float = TensorProto.Types.DataType.Float, Int64 = TensorProto.Types.DataType.Int64;
    private const float Epsilon = 1e-5f, EmbeddingEpsilon = 1e-8f;

    private readonly ModelConfiguration sizes;
    private readonly Dictionary<string, Tensor> weights;

    /// <param name="model">On the CPU.</param>
    internal DecoderGraphs(RadTexModel model) =>
        (sizes, weights) = (model.Configuration, ModuleWeights.Of(model).ToDictionary(w => w.Name, w => w.Tensor));

    /// <summary>Width of a head, D/H.</summary>
    private long HeadWidth => sizes.Hidden / sizes.Heads;

    internal static string PatchKeys(int layer) => $"patch_keys.{layer}";

    internal static string PatchValues(int layer) => $"patch_values.{layer}";

    internal static string PastKeys(int layer) => $"past_keys.{layer}";

    internal static string PastValues(int layer) => $"past_values.{layer}";

    internal static string Keys(int layer) => $"keys.{layer}";

    internal static string Values(int layer) => $"values.{layer}";

    /// <summary>"feature_map" [B, F, h, w] to "patch_keys.i" and "patch_values.i" [B, H, P, D/H] of each layer i.</summary>
    internal ModelProto Prefill()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var model = Model("prefill");
        var graph = new GraphBuilder(model.Graph);
        long F = weights["textual.visual_projection.weight"].shape[1];
        model.Graph.Input.Add(Value(ModelTensors.FeatureMap, Float, "images", F, "height", "width"));
        var flat = graph.Node("Reshape", "flat", [ModelTensors.FeatureMap, graph.Constant<long>("flat.shape", [0, F, -1], 3)]);
        var patches = Project(
            graph, "patches", graph.Node("Transpose", "rows", [flat], Attribute("perm", 0, 2, 1)), Weight("textual.visual_projection.weight"),
            Weight("textual.visual_projection.bias"));
        var shape = graph.Constant<long>("heads.shape", [0, 0, sizes.Heads, HeadWidth], 4);
        for (int layer = 0; layer < sizes.Layers; layer++)
        {
            var attention = $"textual.transformer.layers.{layer}.multihead_attn";
            foreach (var (part, name) in new[] { (1, PatchKeys(layer)), (2, PatchValues(layer)) })
            {
                var (weight, bias) = InProjection(attention, part);
                var projected = Project(graph, $"{name}.projected", patches, weight, bias);
                graph.Node("Transpose", name, [graph.Node("Reshape", $"{name}.heads", [projected, shape])], Attribute("perm", 0, 2, 1, 3));
                model.Graph.Output.Add(Value(name, Float, "images", sizes.Heads, "patches", HeadWidth));
            }
        }
        return model;
    }

    /// <summary>One token a row; names and shapes are those of the inputs and outputs it declares.</summary>
    internal ModelProto Step()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var model = Model("step");
        var graph = new GraphBuilder(model.Graph);
        foreach (var name in (string[])[Tokens, Positions, ImageOfRow, ParentOfRow]) model.Graph.Input.Add(Value(name, Int64, "rows"));
        var words = graph.Constant("words", Weight("textual.embedding.words.weight")); // [V, D], the output layer's too
        var places = graph.Constant("places", Weight("textual.embedding.positions.weight"));
        var embedded = graph.Node(
            "Add", "embedded", [graph.Node("Gather", "word", [words, Tokens]), graph.Node("Gather", "place", [places, Positions])]);
        var hidden = Norm(graph, "embedding", embedded, "textual.embedding.layer_norm", EmbeddingEpsilon); // [R, D]
        for (int layer = 0; layer < sizes.Layers; layer++) hidden = Layer(model, graph, layer, hidden);
        var logits = Linear(graph, "logits", hidden, words, graph.Constant("words.bias", Weight("textual.output.bias")));
        graph.Node("LogSoftmax", LogProbabilities, [logits], Attribute("axis", 1L));
        model.Graph.Output.Insert(0, Value(LogProbabilities, Float, "rows", sizes.VocabularySize));
        return model;
    }

    private string Layer(ModelProto model, GraphBuilder graph, int layer, string hidden)
    {
        var name = $"textual.transformer.layers.{layer}";
        var row = graph.Constant<long>($"{name}.row.shape", [-1, sizes.Heads, 1, HeadWidth], 4);
        string Heads(string attention, int part)
        {
            var (weight, bias) = InProjection($"{name}.{attention}", part);
            var at = $"{name}.{attention}.{"qkv"[part]}";
            // [R, H, 1, D/H]
            return graph.Node(
                "Reshape", $"{at}.heads",
                [Linear(graph, at, hidden, graph.Constant($"{at}.weight", weight), graph.Constant($"{at}.bias", bias)), row]);
        }
        string Extended(int part, string past, string all)
        {
            model.Graph.Input.Add(Value(past, Float, "past_rows", sizes.Heads, "past", HeadWidth));
            model.Graph.Output.Add(Value(all, Float, "rows", sizes.Heads, "length", HeadWidth));
            // [R, H, t + 1, D/H]
            return graph.Node(
                "Concat", all, [graph.Node("Gather", $"{past}.of_row", [past, ParentOfRow], Attribute("axis", 0L)), Heads("self_attn", part)],
                Attribute("axis", 2L));
        }
        string OfImage(string patches)
        {
            model.Graph.Input.Add(Value(patches, Float, "images", sizes.Heads, "patches", HeadWidth));
            return graph.Node("Gather", $"{patches}.of_row", [patches, ImageOfRow], Attribute("axis", 0L)); // [R, H, P, D/H]
        }
        var past = Attend(
            graph, $"{name}.self_attn", Heads("self_attn", 0), Extended(1, PastKeys(layer), Keys(layer)),
            Extended(2, PastValues(layer), Values(layer)));
        hidden = Norm(graph, $"{name}.norm1", graph.Node("Add", $"{name}.sum1", [hidden, past]), $"{name}.norm1", Epsilon);
        var seen = Attend(graph, $"{name}.multihead_attn", Heads("multihead_attn", 0), OfImage(PatchKeys(layer)), OfImage(PatchValues(layer)));
        hidden = Norm(graph, $"{name}.norm2", graph.Node("Add", $"{name}.sum2", [hidden, seen]), $"{name}.norm2", Epsilon);
        var inner = Gelu(graph, $"{name}.gelu", Linear(graph, $"{name}.linear1", hidden));
        return Norm(
            graph, $"{name}.norm3", graph.Node("Add", $"{name}.sum3", [hidden, Linear(graph, $"{name}.linear2", inner)]), $"{name}.norm3", Epsilon);
    }

    // softmax(q k^T / sqrt(D/H)) v of each row's one query, [R, H, 1, D/H], and the output projection: [R, D]
    private string Attend(GraphBuilder graph, string name, string query, string keys, string values)
    {
        var scaled = graph.Node("Mul", $"{name}.scaled", [query, graph.Constant<float>($"{name}.scale", [(float)(1 / Math.Sqrt(HeadWidth))])]);
        // [R, H, 1, t or P]
        var scores = graph.Node(
            "MatMul", $"{name}.scores", [scaled, graph.Node("Transpose", $"{name}.turned", [keys], Attribute("perm", 0, 1, 3, 2))]);
        var attended = graph.Node("MatMul", $"{name}.attended", [graph.Node("Softmax", $"{name}.shares", [scores], Attribute("axis", -1L)), values]);
        var merged = graph.Node("Reshape", $"{name}.merged", [attended, graph.Constant<long>($"{name}.merged.shape", [-1, sizes.Hidden], 2)]);
        return Linear(graph, $"{name}.out_proj", merged);
    }

    private string Linear(GraphBuilder graph, string name, string input) =>
        Linear(
            graph, name, input, graph.Constant($"{name}.weight", Weight($"{name}.weight")), graph.Constant($"{name}.bias", Weight($"{name}.bias")));

    // [R, in], weight [out, in], bias [out] to [R, out]
    private static string Linear(GraphBuilder graph, string name, string input, string weight, string bias) =>
        graph.Node("Gemm", name, [input, weight, bias], Attribute("transB", 1L));

    // [B, P, in], weight [out, in], bias [out] to [B, P, out]
    private static string Project(GraphBuilder graph, string name, string input, Tensor weight, Tensor bias) =>
        graph.Node(
            "Add", name,
            [graph.Node("MatMul", $"{name}.product", [input, graph.Constant($"{name}.weight", weight.t())]), graph.Constant($"{name}.bias", bias)]);

    // Exact: x / 2 * (1 + erf(x / sqrt(2)))
    private static string Gelu(GraphBuilder graph, string name, string input)
    {
        string Scalar(string part, double value) => graph.Constant<float>($"{name}.{part}", [(float)value]);
        var erf = graph.Node("Erf", $"{name}.erf", [graph.Node("Mul", $"{name}.scaled", [input, Scalar("root", Math.Sqrt(0.5))])]);
        return graph.Node(
            "Mul", name, [graph.Node("Mul", $"{name}.half", [input, Scalar("two", 0.5)]), graph.Node("Add", $"{name}.sum", [erf, Scalar("one", 1)])]);
    }

    private string Norm(GraphBuilder graph, string name, string input, string of, float epsilon) => graph.Node(
        "LayerNormalization", $"{name}.out",
        [input, graph.Constant($"{of}.weight", Weight($"{of}.weight")), graph.Constant($"{of}.bias", Weight($"{of}.bias"))], Attribute("axis", -1L),
        Attribute("epsilon", epsilon));

    // Query (0), key (1) or value (2) of an attention.
    private (Tensor Weight, Tensor Bias) InProjection(string attention, int part) => (
        Weight($"{attention}.in_proj_weight").narrow(0, part * sizes.Hidden, sizes.Hidden),
        Weight($"{attention}.in_proj_bias").narrow(0, part * sizes.Hidden, sizes.Hidden));

    private Tensor Weight(string name) => weights[name].detach();
}
