using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>Hugging Face's names of DINOv2, with and without registers, which RAD-DINO has too.</summary>
internal sealed class HuggingFaceDinoNaming : WeightNaming
{
    private const string Layer = "encoder.layer.";

    private static readonly (string Theirs, string Timm)[] Parts =
    [
        ("embeddings.cls_token", "cls_token"), ("embeddings.register_tokens", "register_tokens"), ("embeddings.position_embeddings", "pos_embed"),
        ("embeddings.patch_embeddings.projection.", "patch_embed.proj."), ("attention.output.dense.", "attn.proj."),
        ("layer_scale1.lambda1", "ls1.gamma"), ("layer_scale2.lambda1", "ls2.gamma"), ("layernorm.", "norm."), (Layer, "blocks."),
    ];

    internal override string Title => "DINOv2 under Hugging Face's names";

    internal override (string First, string Second) Marks =>
        ("embeddings.patch_embeddings.projection.weight", $"{Layer}0.attention.attention.query.weight");

    internal override IReadOnlyList<string> LeftOut => ["classifier.*", "embeddings.mask_token"];

    internal override InputLayer Input => new("patch_embed.proj.weight", "patch_embed.proj.bias", IsSubtracted: false, "its bias");

    internal override bool HasHeads => true;

    internal override ForeignNetwork Translate(Dictionary<string, Tensor> weights, string path, int? heads)
    {
        foreach (var key in weights.Keys.ToArray())
            Move(weights, key, Parts.Aggregate(key, (name, part) => name.Replace(part.Theirs, part.Timm, StringComparison.Ordinal)));
        for (int layer = 0; weights.ContainsKey($"blocks.{layer}.attention.attention.query.weight"); layer++)
            foreach (var kind in (string[])["weight", "bias"])
            {
                string[] parts = [.. new[] { "query", "key", "value" }.Select(part => $"blocks.{layer}.attention.attention.{part}.{kind}")];
                if (!parts.All(weights.ContainsKey)) continue; // what is missing is told on loading
                weights[$"blocks.{layer}.attn.qkv.{kind}"] = cat([.. parts.Select(part => weights[part])]); // [3D, D] or [3D]
                foreach (var part in parts) weights.Remove(part);
            }
        return TimmNaming.Describe(weights, path, heads);
    }

    internal override void Resize(Dictionary<string, Tensor> weights, ForeignNetwork network, int imageSize) =>
        new TimmNaming().Resize(weights, network, imageSize);
}
