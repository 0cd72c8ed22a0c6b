using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>
/// ResNet-18/34/50/101 (He et al. 2015), and ML.NET's ResNet-18 of one block more, with torchvision's state names, without its classifier. All
/// residual branches start as zero, as in VirTex; the first convolution takes 1 or 3 channels (section 2.2 of the paper).
/// </summary>
public sealed class ResNet : nn.Module<Tensor, Tensor>
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

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="channels">Image channels.</param>
    /// <param name="width">Channels of the first stage; torchvision's is 64.</param>
    /// <param name="generator">The weights are drawn from it; null: from torch's own, which any thread may use meanwhile.</param>
    public ResNet(string name, int channels = 1, int width = 64, Generator? generator = null) : base(nameof(ResNet))
    {
        var (blocks, bottleneck) = Shapes[name];
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
        conv1 = new(channels, width, kernel: 7, stride: 2, generator);
        bn1 = new(width);
        layer1 = Stage(0);
        layer2 = Stage(1);
        layer3 = Stage(2);
        layer4 = Stage(3);
        FeatureWidth = inChannels;
        RegisterComponents();
    }

    /// <summary>The backbones that can be built.</summary>
    public static IReadOnlyCollection<string> Names => Shapes.Keys;

    /// <summary>Blocks of each of the four stages of a backbone of <see cref="Names"/>.</summary>
    public static IReadOnlyList<int> BlocksOf(string name) => Shapes[name].Blocks;

    /// <summary>The backbone of that many blocks a stage; null for none of <see cref="Names"/>.</summary>
    public static string? NameOf(IReadOnlyList<int> blocks, bool bottleneck) =>
        Shapes.Where(s => s.Value.Bottleneck == bottleneck && s.Value.Blocks.SequenceEqual(blocks)).Select(s => s.Key).FirstOrDefault();

    /// <summary>Channels of the last stage: 512 for ResNet-18/34 and 2048 for ResNet-50/101 at torchvision's width.</summary>
    public int FeatureWidth { get; }

    /// <summary>Whether training forwards move the running statistics; see <see cref="BatchNorm.TracksStatistics"/>.</summary>
    public bool TracksStatistics
    {
        set
        {
            foreach (var norm in modules().OfType<BatchNorm>()) norm.TracksStatistics = value;
        }
    }

    /// <summary>Whether training forwards normalise by the running statistics; see <see cref="BatchNorm.KeepsStatistics"/>.</summary>
    public bool KeepsStatistics
    {
        set
        {
            foreach (var norm in modules().OfType<BatchNorm>()) norm.KeepsStatistics = value;
        }
    }

    /// <summary>How far a batch's statistics move the running ones.</summary>
    internal double StatisticsMomentum
    {
        set
        {
            foreach (var norm in modules().OfType<BatchNorm>()) norm.Momentum = value;
        }
    }

    /// <summary>Sets all norms' scales to 1, where fresh weights have residual branches of zero.</summary>
    internal void OpenBranches()
    {
        foreach (var norm in modules().OfType<BatchNorm>()) norm.UnitScale();
    }

    /// <summary>Forgets the running statistics: mean 0, variance 1, no batch seen.</summary>
    public void ResetStatistics()
    {
        foreach (var norm in modules().OfType<BatchNorm>()) norm.ResetStatistics();
    }

    /// <summary>Pixels of the input for each value of the last stage's features, along one side.</summary>
    public const int Reduction = 32;

    /// <summary>[B, C, S, S] in [0, 1] to visual features [B, F, S/32, S/32] of the input's type.</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Stages(images)[^1].MoveToOuterDisposeScope();
    }

    /// <summary>[B, C, S, S] to the output of each stage: [B, W, S/4, S/4] first, that of <see cref="forward"/> last.</summary>
    internal Tensor[] Stages(Tensor images)
    {
        var features = bn1.Normalise(conv1.forward(ChannelsLast(images)), rectify: true);
        features = nn.functional.max_pool2d(features, kernel_size: 3, stride: 2, padding: 1);
        var stages = new List<Tensor>();
        foreach (var layer in (Sequential[])[layer1, layer2, layer3, layer4]) stages.Add(features = layer.forward(features));
        return [.. stages];
    }

    /// <summary>
    /// [B, C, S, S] to globally averaged features [B, F]. Those of bfloat16 input are averaged, and come out, in float32: pooled
    /// features have a mean far larger than what tells two pictures apart.
    /// </summary>
    public Tensor Pool(Tensor images)
    {
        using var scope = NewDisposeScope();
        var features = forward(images);
        return (features.dtype == ScalarType.BFloat16 ? features.to(ScalarType.Float32) : features).mean([2L, 3L]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Values a channel of the last stage must have in a training batch for bfloat16 to be used. Batch norm over fewer divides
    /// by a deviation that hardly any values determine, and amplifies rounding: at 12 values the gradient's norm came out
    /// 8 to 20% off in bfloat16 (golden case "finishing"), at 128 (case "paper") 2%. Below the bound the encoder computes in
    /// its parameters' type.
    /// </summary>
    public const int FewestValuesForBFloat16 = 128;

    /// <summary>The images in the compute type, or as they are where there is none or a training batch is too small for it.</summary>
    internal Tensor InComputeType(Tensor images, ScalarType? compute) =>
        compute is not { } type || (training && LastStageValues(images.shape[0], images.shape[2], images.shape[3]) < FewestValuesForBFloat16)
            ? images
            : images.to(type);

    /// <summary>Values a channel of the last stage has in a batch; a training batch needs two for its batch norm.</summary>
    internal static long LastStageValues(long images, long height, long width)
    {
        static long Cells(long side) => (side + Reduction - 1) / Reduction;
        return images * Cells(height) * Cells(width);
    }

    // bfloat16 convolutions are twice as fast with channels innermost; every later layer keeps the order it gets. Wider types
    // gain little. One channel has both orders at once, and only the strides say which one is meant.
    private static Tensor ChannelsLast(Tensor images)
    {
        if (images.dtype != ScalarType.BFloat16) return images;
        var (B, C, S, W) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        return C == 1
            ? images.contiguous().as_strided([B, 1, S, W], [S * W, 1, W, 1], images.storage_offset())
            : images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
    }
}
