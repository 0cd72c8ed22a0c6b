using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>
/// A residual block of ResNet: two 3x3 convolutions ("basic"), or 1x1, 3x3, 1x1 ("bottleneck", stride in the 3x3 as in torchvision).
/// State names are torchvision's (conv1, bn1, ..., downsample.0, downsample.1).
/// </summary>
public sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly Convolution conv1, conv2;
    private readonly BatchNorm bn1, bn2;
    private readonly Convolution? conv3;
    private readonly BatchNorm? bn3;
    private readonly Sequential? downsample;

    /// <summary>A block with fresh weights, float32, on the CPU.</summary>
    /// <param name="inChannels">Channels that come in.</param>
    /// <param name="width">Channels inside the block.</param>
    /// <param name="stride">1, or 2 to halve the side.</param>
    /// <param name="bottleneck">Whether the block leaves with four times its width.</param>
    /// <param name="generator">The weights are drawn from it; null: from torch's own.</param>
    public ResidualBlock(int inChannels, int width, int stride, bool bottleneck, Generator? generator = null) : base(nameof(ResidualBlock))
    {
        int outChannels = bottleneck ? 4 * width : width;
        conv1 = bottleneck ? new(inChannels, width, kernel: 1, generator: generator) : new(inChannels, width, kernel: 3, stride, generator);
        bn1 = new(width);
        conv2 = new(width, width, kernel: 3, bottleneck ? stride : 1, generator);
        bn2 = new(width);
        if (bottleneck)
        {
            conv3 = new(width, outChannels, kernel: 1, generator: generator);
            bn3 = new(outChannels);
        }
        if (stride != 1 || inChannels != outChannels)
            downsample = nn.Sequential(
                ("0", new Convolution(inChannels, outChannels, kernel: 1, stride, generator)), ("1", new BatchNorm(outChannels)));
        (bn3 ?? bn2).ZeroScale();
        RegisterComponents();
    }

    /// <summary>[B, Cin, S, S] to [B, Cout, S/stride, S/stride].</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var shortcut = downsample is null ? images : downsample.forward(images);
        var branch = bn1.Normalise(conv1.forward(images), rectify: true);
        if (conv3 is null) return bn2.Normalise(conv2.forward(branch), rectify: true, shortcut).MoveToOuterDisposeScope();
        branch = bn2.Normalise(conv2.forward(branch), rectify: true);
        return bn3!.Normalise(conv3.forward(branch), rectify: true, shortcut).MoveToOuterDisposeScope();
    }
}
