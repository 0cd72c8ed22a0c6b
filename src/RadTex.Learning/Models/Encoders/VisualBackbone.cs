using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>The image encoder of a captioning model, under VirTex's name <c>visual.cnn</c>.</summary>
public sealed class VisualBackbone : nn.Module<Tensor, Tensor>
{
    private readonly ImageEncoder cnn;
    private readonly ScalarType? compute;

    /// <summary>An encoder with fresh weights, float32, on the CPU.</summary>
    /// <param name="configuration">Names the encoder and its input.</param>
    /// <param name="compute">The type of convolutions and linear maps, such as bfloat16; null for the parameters'.</param>
    /// <param name="generator">The weights are drawn from it; null: from one of seed 0.</param>
    /// <exception cref="UserErrorException">There is no such encoder.</exception>
    public VisualBackbone(ModelConfiguration configuration, ScalarType? compute, Generator? generator = null) : base(nameof(VisualBackbone))
    {
        this.compute = compute;
        cnn = Encoders.Create(configuration.Encoder, generator);
        RegisterComponents();
    }

    /// <summary>The encoder itself: what is kept for transfer.</summary>
    public ImageEncoder Encoder => cnn;

    /// <summary>[B, C, S, S] to features and pooled vectors of one pass (<see cref="ImageEncoder.Encode"/>).</summary>
    internal (Tensor Features, Tensor Pooled) Encode(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (features, pooled) = cnn.Encode(cnn.InComputeType(images, compute));
        return (features.MoveToOuterDisposeScope(), pooled.MoveToOuterDisposeScope());
    }

    /// <summary>[B, C, S, S] to visual features [B, F, S/R, S/R], in the type that <see cref="ImageEncoder.TypeFor"/> answers.</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return cnn.forward(cnn.InComputeType(images, compute)).MoveToOuterDisposeScope();
    }
}
