using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Models;

/// <summary>
/// A convolution without bias whose arithmetic has its input's type: float32 weights serve bfloat16 activations
/// through a cast, and gradients come back in the weights' type.
/// </summary>
public sealed class Convolution : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly long[] stride, padding;

    /// <summary>Kaiming-normal weights, fan-out, ReLU gain (torchvision's ResNet).</summary>
    public Convolution(int inChannels, int outChannels, int kernel, int stride = 1) : base(nameof(Convolution))
    {
        this.stride = [stride, stride];
        padding = [kernel / 2, kernel / 2];
        double deviation = Math.Sqrt(2.0 / ((double)outChannels * kernel * kernel));
        weight = nn.Parameter(randn(outChannels, inChannels, kernel, kernel) * deviation);
        RegisterComponents();
    }

    /// <summary>[B, Cin, S, S] to [B, Cout, S/stride, S/stride].</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return nn.functional.conv2d(images, weight.to(images.dtype), strides: stride, padding: padding).MoveToOuterDisposeScope();
    }
}
