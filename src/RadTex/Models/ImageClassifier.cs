using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Models;

/// <summary>An encoder with one linear layer on its globally averaged features, as torchvision's ResNets have (state name <c>fc</c>).</summary>
public sealed class ImageClassifier : nn.Module<Tensor, Tensor>
{
    private const double Deviation = 0.01; // VirTex, downstream heads

    private readonly ResNet cnn;
    private readonly ClassifierLayer fc;

    /// <param name="encoder">Owned from here on.</param>
    /// <param name="outputs">Logits a radiograph.</param>
    public ImageClassifier(ResNet encoder, int outputs) : base(nameof(ImageClassifier))
    {
        cnn = encoder;
        fc = new(encoder.FeatureWidth, outputs);
        RegisterComponents();
    }

    public ResNet Encoder => cnn;

    /// <summary>[B, C, S, S] to logits [B, outputs], in the parameters' type.</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return fc.forward(cnn.Pool(images)).MoveToOuterDisposeScope();
    }

    private sealed class ClassifierLayer : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight, bias;

        internal ClassifierLayer(int inWidth, int outWidth) : base(nameof(ClassifierLayer))
        {
            weight = nn.Parameter(randn(outWidth, inWidth) * Deviation);
            bias = nn.Parameter(zeros(outWidth));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => nn.functional.linear(input.to(weight.dtype), weight, bias);
    }
}
