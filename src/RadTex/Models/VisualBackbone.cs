using static TorchSharp.torch;

namespace RadTex.Models;

/// <summary>The image encoder of a captioning model, under VirTex's name <c>visual.cnn</c>.</summary>
public sealed class VisualBackbone : nn.Module<Tensor, Tensor>
{
    /// <summary>
    /// Values a channel of the last stage must have in a training batch for bfloat16 to be used. Batch norm over fewer divides
    /// by a deviation that hardly any values determine, and amplifies rounding: at 12 values the gradient's norm came out
    /// 8 to 20% off in bfloat16 (golden case "finishing"), at 128 (case "paper") 2%. Below the bound the encoder computes in
    /// its parameters' type.
    /// </summary>
    public const int FewestValuesForBFloat16 = 128;

    private readonly ResNet cnn;
    private readonly ScalarType? compute;

    public VisualBackbone(ModelConfiguration configuration, ScalarType? compute) : base(nameof(VisualBackbone))
    {
        this.compute = compute;
        cnn = new(configuration.Backbone, configuration.Channels, configuration.BackboneWidth);
        RegisterComponents();
    }

    public ResNet Encoder => cnn;

    /// <summary>[B, C, S, S] to visual features [B, F, S/32, S/32], in the compute type or, for small training batches, the parameters'.</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return cnn.forward(compute is { } type && !IsTooSmall(images) ? images.to(type) : images).MoveToOuterDisposeScope();
    }

    private bool IsTooSmall(Tensor images)
    {
        long Cells(long side) => (side + ResNet.Reduction - 1) / ResNet.Reduction;
        return training && images.shape[0] * Cells(images.shape[2]) * Cells(images.shape[3]) < FewestValuesForBFloat16;
    }
}
