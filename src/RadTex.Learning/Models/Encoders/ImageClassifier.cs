using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>An encoder with one linear layer on its globally averaged features, as torchvision's ResNets have (state name <c>fc</c>).</summary>
public sealed class ImageClassifier : nn.Module<Tensor, Tensor>
{
    private const double Deviation = 0.01; // VirTex, downstream heads

    private readonly ImageEncoder cnn;
    private readonly ClassifierLayer fc;

    /// <summary>A fresh linear layer, weights [outputs, F], on an encoder that is there.</summary>
    /// <param name="encoder">Owned from here on.</param>
    /// <param name="outputs">Logits a radiograph.</param>
    /// <param name="generator">Of the linear layer's weights, N(0, 0.01); null for one of seed 0.</param>
    public ImageClassifier(ImageEncoder encoder, int outputs, Generator? generator = null) : base(nameof(ImageClassifier))
    {
        cnn = encoder;
        using var own = generator is null ? new Generator(0) : null;
        fc = new(encoder.FeatureWidth, outputs, generator ?? own);
        RegisterComponents();
    }

    /// <summary>What the linear layer stands on; it learns too.</summary>
    public ImageEncoder Encoder => cnn;

    /// <summary>The linear layer: weight [outputs, F] and bias [outputs].</summary>
    public (Tensor Weight, Tensor Bias) Head => fc.Values;

    /// <summary>[B, C, S, S] to logits [B, outputs], in the parameters' type.</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return fc.forward(cnn.Pool(images)).MoveToOuterDisposeScope();
    }

    private sealed class ClassifierLayer : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight, bias;

        internal ClassifierLayer(int inWidth, int outWidth, Generator? generator) : base(nameof(ClassifierLayer))
        {
            weight = nn.Parameter(InitialValues.Normal(Deviation, [outWidth, inWidth], generator));
            bias = nn.Parameter(zeros(outWidth));
            RegisterComponents();
        }

        internal (Tensor Weight, Tensor Bias) Values => (weight, bias);

        public override Tensor forward(Tensor input) => nn.functional.linear(input.to(weight.dtype), weight, bias);
    }
}
