using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>The image encoder of a captioning model, under VirTex's name <c>visual.cnn</c>.</summary>
public sealed class VisualBackbone : nn.Module<Tensor, Tensor>
{
    private readonly ResNet cnn;
    private readonly ScalarType? compute;

    public VisualBackbone(ModelConfiguration configuration, ScalarType? compute, Generator? generator = null) : base(nameof(VisualBackbone))
    {
        this.compute = compute;
        cnn = new(configuration.Backbone, configuration.Channels, configuration.BackboneWidth, generator);
        RegisterComponents();
    }

    public ResNet Encoder => cnn;

    /// <summary>[B, C, S, S] to visual features [B, F, S/32, S/32], in the compute type or, for small training batches, the parameters'.</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return cnn.forward(cnn.InComputeType(images, compute)).MoveToOuterDisposeScope();
    }
}
