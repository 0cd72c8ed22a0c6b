using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>torchvision's names of a vision transformer.</summary>
internal sealed class TorchvisionVisionNaming : WeightNaming
{
    // The names of a layer's parts, theirs and timm's; torchvision called the feed-forward layers by number for a while.
    private static readonly (string Theirs, string Timm)[] Parts =
    [
        ("ln_1.", "norm1."), ("ln_2.", "norm2."), ("self_attention.in_proj_", "attn.qkv."), ("self_attention.out_proj.", "attn.proj."),
        ("mlp.linear_1.", "mlp.fc1."), ("mlp.linear_2.", "mlp.fc2."), ("mlp.0.", "mlp.fc1."), ("mlp.3.", "mlp.fc2."),
    ];

    private const string Layer = "encoder.layers.encoder_layer_";

    internal override string Title => "a vision transformer under torchvision's names";

    internal override (string First, string Second) Marks => ("conv_proj.weight", $"{Layer}0.self_attention.in_proj_weight");

    internal override IReadOnlyList<string> LeftOut => ["heads.*"];

    internal override InputLayer Input => new("patch_embed.proj.weight", "patch_embed.proj.bias", IsSubtracted: false, "its bias");

    internal override bool HasHeads => true;

    internal override ForeignNetwork Translate(Dictionary<string, Tensor> weights, string path, int? heads)
    {
        foreach (var key in weights.Keys.ToArray())
        {
            var name = key.Replace("conv_proj.", "patch_embed.proj.", StringComparison.Ordinal)
                .Replace("encoder.ln.", "norm.", StringComparison.Ordinal)
                .Replace("encoder.pos_embedding", "pos_embed", StringComparison.Ordinal)
                .Replace("class_token", "cls_token", StringComparison.Ordinal);
            if (name.StartsWith(Layer, StringComparison.Ordinal))
            {
                name = "blocks." + name[Layer.Length..];
                foreach (var (theirs, timm) in Parts) name = name.Replace($".{theirs}", $".{timm}", StringComparison.Ordinal);
            }
            Move(weights, key, name);
        }
        return TimmNaming.Describe(weights, path, heads);
    }

    internal override void Resize(Dictionary<string, Tensor> weights, ForeignNetwork network, int imageSize) =>
        new TimmNaming().Resize(weights, network, imageSize);
}
