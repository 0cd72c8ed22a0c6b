using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>
/// A convolution without bias whose arithmetic has its input's type: float32 weights serve bfloat16 activations
/// through a cast, and gradients come back in the weights' type.
/// </summary>
public sealed class Convolution : nn.Module<Tensor, Tensor>
{
    // oneDNN (libtorch 2.10, AVX-512) works on blocks of 16 channels and leaves the rest of a last block as it found it: times zero
    // that is nothing, unless NaN lies there. Odd widths are therefore filled up with zero channels, which is exact.
    private const int Block = 16, LargestImageChannels = 3; // few input channels take another kernel

    private readonly Parameter weight;
    private readonly long[] stride, padding;
    private readonly int outChannels, missingIn, missingOut;

    /// <summary>Kaiming-normal weights, ReLU gain: by what goes out (torchvision's ResNet), or by what comes in (its DenseNet).</summary>
    public Convolution(
        int inChannels, int outChannels, int kernel, int stride = 1, Generator? generator = null, bool fanIn = false) : base(nameof(Convolution))
    {
        this.stride = [stride, stride];
        padding = [kernel / 2, kernel / 2];
        this.outChannels = outChannels;
        missingIn = inChannels <= LargestImageChannels ? 0 : (Block - inChannels % Block) % Block;
        missingOut = (Block - outChannels % Block) % Block;
        double deviation = Math.Sqrt(2.0 / ((double)(fanIn ? inChannels : outChannels) * kernel * kernel));
        weight = nn.Parameter(InitialValues.Normal(deviation, [outChannels, inChannels, kernel, kernel], generator));
        RegisterComponents();
    }

    /// <summary>[B, Cin, S, S] to [B, Cout, S/stride, S/stride].</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var kernels = weight.to(images.dtype);
        bool fills = missingIn + missingOut > 0 && images.dtype != ScalarType.Float64;
        if (fills)
        {
            images = nn.functional.pad(images, [0, 0, 0, 0, 0, missingIn]);
            kernels = nn.functional.pad(kernels, [0, 0, 0, 0, 0, missingIn, 0, missingOut]);
        }
        var result = nn.functional.conv2d(images, kernels, strides: stride, padding: padding);
        return (fills ? result.narrow(1, 0, outChannels) : result).MoveToOuterDisposeScope();
    }
}
