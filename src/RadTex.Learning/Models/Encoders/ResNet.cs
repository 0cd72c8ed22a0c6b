using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>
/// ResNet-18/34/50/101 (He et al. 2015), and ML.NET's ResNet-18 of one block more, with torchvision's state names, without its classifier. All
/// residual branches start as zero, as in VirTex; the first convolution takes 1 or 3 channels (section 2.2 of the paper).
/// </summary>
internal sealed class ResNet : ConvolutionalEncoder
{
    private static readonly Dictionary<string, (int[] Blocks, bool Bottleneck)> Shapes = new()
    {
        ["resnet18"] = ([2, 2, 2, 2], false),
        ["resnet18-mlnet"] = ([2, 2, 2, 3], false), // CNTK's, which ML.NET publishes as its ResNet-18
        ["resnet34"] = ([3, 4, 6, 3], false),
        ["resnet50"] = ([3, 4, 6, 3], true),
        ["resnet101"] = ([3, 4, 23, 3], true),
    };

    private readonly Convolution conv1;
    private readonly BatchNorm bn1;
    private readonly Sequential layer1, layer2, layer3, layer4;

    /// <param name="spec">An architecture of <see cref="Architectures"/>; the width is that of the first stage, torchvision's 64.</param>
    /// <param name="generator">The weights are drawn from it; null: from torch's own, which any thread may use meanwhile.</param>
    public ResNet(EncoderSpec spec, Generator? generator = null) : base(spec)
    {
        var (blocks, bottleneck) = Shapes[spec.Architecture];
        int width = spec.Width;
        int expansion = bottleneck ? 4 : 1;
        int inChannels = width;
        Sequential Stage(int index)
        {
            int stageWidth = width << index;
            var stage = new List<(string, nn.Module<Tensor, Tensor>)>();
            for (int i = 0; i < blocks[index]; i++)
            {
                stage.Add(($"{i}", new ResidualBlock(inChannels, stageWidth, stride: i == 0 && index > 0 ? 2 : 1, bottleneck, generator)));
                inChannels = stageWidth * expansion;
            }
            return nn.Sequential(stage);
        }
        conv1 = new(spec.Channels, width, kernel: 7, stride: 2, generator);
        bn1 = new(width);
        layer1 = Stage(0);
        layer2 = Stage(1);
        layer3 = Stage(2);
        layer4 = Stage(3);
        FeatureWidth = inChannels;
        RegisterComponents();
    }

    /// <summary>The entries of <see cref="Encoders"/>.</summary>
    internal static IEnumerable<EncoderArchitecture> Architectures =>
        Shapes.Keys.Select(name => new EncoderArchitecture(name, ImageReduction, (spec, generator) => new ResNet(spec, generator)));

    /// <summary>The backbones that can be built.</summary>
    internal static IReadOnlyCollection<string> Names => Shapes.Keys;

    /// <summary>Blocks of each of the four stages of a backbone of <see cref="Names"/>.</summary>
    internal static IReadOnlyList<int> BlocksOf(string name) => Shapes[name].Blocks;

    /// <summary>The backbone of that many blocks a stage; null for none of <see cref="Names"/>.</summary>
    internal static string? NameOf(IReadOnlyList<int> blocks, bool bottleneck) =>
        Shapes.Where(s => s.Value.Bottleneck == bottleneck && s.Value.Blocks.SequenceEqual(blocks)).Select(s => s.Key).FirstOrDefault();

    /// <summary>Channels of the last stage: 512 for ResNet-18/34 and 2048 for ResNet-50/101 at torchvision's width.</summary>
    public override int FeatureWidth { get; }

    /// <summary>[B, C, S, S] to the output of each stage: [B, W, S/4, S/4] first, the features last.</summary>
    public override Tensor[] Stages(Tensor images)
    {
        var features = bn1.Normalise(conv1.forward(ChannelsLast(images)), rectify: true);
        features = nn.functional.max_pool2d(features, kernel_size: 3, stride: 2, padding: 1);
        var stages = new List<Tensor>();
        foreach (var layer in (Sequential[])[layer1, layer2, layer3, layer4]) stages.Add(features = layer.forward(features));
        return [.. stages];
    }
}
