using RadTex.Learning.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

/// <summary>
/// The captioning loss written the plain way: captions padded to the longest, masks, per-head loops of matrix products, the
/// whole logits, torch's own cross-entropy, autograd all through. It shares only the weights with the model under test.
/// </summary>
internal static class PaddedReference
{
    /// <summary>Forward + backward loss, each the mean over tokens that are not padding.</summary>
    internal static Tensor Loss(RadTexModel model, Tensor features, IReadOnlyList<int[]> captions)
    {
        var weights = model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        var patches = Linear(features.flatten(2).transpose(1, 2), weights, "textual.visual_projection");
        var forward = Direction(model, weights, "textual.transformer", patches, captions);
        var backward = Direction(model, weights, "backward_textual.transformer", patches, [.. captions.Select(c => c.Reverse().ToArray())]);
        return forward + backward;
    }

    private static Tensor Direction(
        RadTexModel model, Dictionary<string, Tensor> weights, string decoder, Tensor patches, IReadOnlyList<int[]> captions)
    {
        int longest = captions.Max(c => c.Length), B = captions.Count;
        var tokens = zeros(B, longest, dtype: ScalarType.Int64);
        for (int b = 0; b < B; b++)
            for (int t = 0; t < captions[b].Length; t++) tokens[b, t] = captions[b][t];
        var isPadding = tokens.eq(0); // [B, T]
        var x = weights["textual.embedding.words.weight"][tokens] + weights["textual.embedding.positions.weight"].narrow(0, 0, longest);
        x = Norm(x, weights, "textual.embedding.layer_norm", 1e-8) * isPadding.logical_not().to(x.dtype).unsqueeze(-1);
        var future = ones(longest, longest, dtype: ScalarType.Bool).triu(1);
        var masked = future.unsqueeze(0).logical_or(isPadding.unsqueeze(1)); // [B, T, T]
        for (int layer = 0; layer < model.Configuration.Layers; layer++)
        {
            var name = $"{decoder}.layers.{layer}";
            x = Norm(x + Attention(model, weights, $"{name}.self_attn", x, x, masked), weights, $"{name}.norm1");
            x = Norm(x + Attention(model, weights, $"{name}.multihead_attn", x, patches, null), weights, $"{name}.norm2");
            var inner = Linear(x, weights, $"{name}.linear1");
            inner = inner * 0.5 * (1 + (inner / Math.Sqrt(2)).erf());
            x = Norm(x + Linear(inner, weights, $"{name}.linear2"), weights, $"{name}.norm3");
        }
        var logits = x.matmul(weights["textual.embedding.words.weight"].t()) + weights["textual.output.bias"];
        return nn.functional.cross_entropy(
            logits.narrow(1, 0, longest - 1).flatten(0, 1), tokens.narrow(1, 1, longest - 1).flatten(), ignore_index: 0);
    }

    private static Tensor Attention(RadTexModel model, Dictionary<string, Tensor> weights, string name, Tensor queries, Tensor keys, Tensor? masked)
    {
        int D = model.Configuration.Hidden, H = model.Configuration.Heads, d = D / H;
        var (W, b) = (weights[$"{name}.in_proj_weight"], weights[$"{name}.in_proj_bias"]);
        var q = queries.matmul(W.narrow(0, 0, D).t()) + b.narrow(0, 0, D);
        var k = keys.matmul(W.narrow(0, D, D).t()) + b.narrow(0, D, D);
        var v = keys.matmul(W.narrow(0, 2 * D, D).t()) + b.narrow(0, 2 * D, D);
        var heads = Enumerable.Range(0, H).Select(h =>
        {
            var scores = q.narrow(2, h * d, d).matmul(k.narrow(2, h * d, d).transpose(1, 2)) / Math.Sqrt(d);
            if (masked is not null) scores = scores.masked_fill(masked, double.NegativeInfinity);
            return scores.softmax(2).matmul(v.narrow(2, h * d, d));
        });
        return Linear(cat([.. heads], 2), weights, $"{name}.out_proj");
    }

    private static Tensor Linear(Tensor x, Dictionary<string, Tensor> weights, string name) =>
        x.matmul(weights[$"{name}.weight"].t()) + weights[$"{name}.bias"];

    private static Tensor Norm(Tensor x, Dictionary<string, Tensor> weights, string name, double epsilon = 1e-5)
    {
        var centred = x - x.mean([-1], keepdim: true);
        var variance = centred.pow(2).mean([-1], keepdim: true);
        return centred / (variance + epsilon).sqrt() * weights[$"{name}.weight"] + weights[$"{name}.bias"];
    }
}
