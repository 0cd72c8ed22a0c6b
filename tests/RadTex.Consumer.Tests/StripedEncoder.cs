using RadTex.Learning.Models.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Consumer.Tests;

/// <summary>
/// An encoder as another assembly would add it, in one file: patches of 8 pixels, each a linear map of its grey levels. It is no good one; it shows
/// what an encoder needs.
/// </summary>
public sealed class StripedEncoder : ImageEncoder
{
    private const int Patch = 8;
    private readonly Parameter weight, mixing;

    private StripedEncoder(EncoderSpec spec, Generator? generator) : base(spec)
    {
        weight = nn.Parameter(0.1f * randn([spec.Width, spec.Channels, Patch, Patch], generator: generator));
        mixing = nn.Parameter(0.1f * randn([spec.Width, spec.Width, 1, 1], generator: generator));
        RegisterComponents();
    }

    /// <summary>What is registered with <see cref="Encoders"/>.</summary>
    public static EncoderArchitecture Architecture { get; } =
        new("striped", Patch, (spec, generator) => new StripedEncoder(spec, generator), ImageMultiple: Patch);

    public override int FeatureWidth => Spec.Width;

    public override int Reduction => Patch;

    public override Tensor[] Stages(Tensor images)
    {
        var patches = nn.functional.conv2d(images, weight.to(images.dtype), strides: [Patch, Patch]); // [B, F, S/8, S/8]
        var rectified = nn.functional.relu(patches);
        return [rectified, rectified, nn.functional.conv2d(rectified, mixing.to(images.dtype))];
    }
}
