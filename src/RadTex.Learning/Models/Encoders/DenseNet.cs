using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models.Encoders;

/// <summary>
/// DenseNet-121 (Huang et al. 2017) with torchvision's state names, without its classifier: each layer sees the outputs of all before it in its
/// block. The last batch norm's ReLU, which torchvision makes outside, is part of the features.
/// </summary>
internal sealed class DenseNet : ConvolutionalEncoder
{
    internal const string Name = "densenet121";

    private static readonly int[] Layers = [6, 12, 24, 16];

    private readonly Sequential features;

    /// <param name="spec">The width is the channels of the first convolution, torchvision's 64; a layer adds half as many (its growth rate).</param>
    /// <param name="generator">The weights are drawn from it; null: from torch's own, which any thread may use meanwhile.</param>
    public DenseNet(EncoderSpec spec, Generator? generator = null) : base(spec)
    {
        int channels = spec.Width, growth = (spec.Width + 1) / 2;
        var parts = new List<(string, nn.Module<Tensor, Tensor>)>
        {
            ("conv0", new Convolution(spec.Channels, channels, kernel: 7, stride: 2, generator, fanIn: true)), ("norm0", new BatchNorm(channels)),
        };
        for (int block = 1; block <= Layers.Length; block++)
        {
            parts.Add(($"denseblock{block}", new DenseBlock(channels, growth, Layers[block - 1], generator)));
            channels += growth * Layers[block - 1];
            if (block == Layers.Length) break;
            parts.Add(($"transition{block}", new DenseTransition(channels, channels / 2, generator)));
            channels /= 2;
        }
        parts.Add(("norm5", new BatchNorm(channels)));
        features = nn.Sequential(parts);
        FeatureWidth = channels;
        RegisterComponents();
    }

    /// <summary>The entries of <see cref="Encoders"/>.</summary>
    internal static IEnumerable<EncoderArchitecture> Architectures =>
        [new(Name, ImageReduction, (spec, generator) => new DenseNet(spec, generator))];

    /// <summary>1,024 at torchvision's width.</summary>
    public override int FeatureWidth { get; }

    /// <summary>[B, C, S, S] to the output of each dense block, the last one's normalised and rectified: [B, 256, S/4, S/4] first.</summary>
    public override Tensor[] Stages(Tensor images)
    {
        var stages = new List<Tensor>();
        var x = ChannelsLast(images);
        foreach (var (name, part) in features.named_children().Select(p => (p.name, (nn.Module<Tensor, Tensor>)p.module)))
        {
            x = part is BatchNorm norm ? norm.Normalise(x, rectify: true) : part.forward(x);
            if (name == "norm0") x = nn.functional.max_pool2d(x, kernel_size: 3, stride: 2, padding: 1);
            if (part is DenseBlock || name == "norm5") stages.Add(x);
        }
        stages.RemoveAt(Layers.Length - 1); // the last block's, before its norm
        return [.. stages];
    }

    /// <summary>Layers each of which adds its growth rate in channels.</summary>
    private sealed class DenseBlock : nn.Module<Tensor, Tensor>
    {
        private readonly DenseLayer[] layers;

        internal DenseBlock(int channels, int growth, int count, Generator? generator) : base(nameof(DenseBlock))
        {
            layers = [.. Enumerable.Range(0, count).Select(i => new DenseLayer(channels + i * growth, growth, generator))];
            for (int i = 0; i < count; i++) register_module($"denselayer{i + 1}", layers[i]);
        }

        public override Tensor forward(Tensor images)
        {
            using var scope = NewDisposeScope();
            foreach (var layer in layers) images = cat([images, layer.forward(images)], 1); // [B, C + growth, S, S]
            return images.MoveToOuterDisposeScope();
        }
    }

    /// <summary>Norm, ReLU, 1x1 convolution to four times the growth rate; norm, ReLU, 3x3 convolution to the growth rate.</summary>
    private sealed class DenseLayer : nn.Module<Tensor, Tensor>
    {
        private const int Bottleneck = 4;

        private readonly BatchNorm norm1, norm2;
        private readonly Convolution conv1, conv2;

        internal DenseLayer(int channels, int growth, Generator? generator) : base(nameof(DenseLayer))
        {
            norm1 = new(channels);
            conv1 = new(channels, Bottleneck * growth, kernel: 1, generator: generator, fanIn: true);
            norm2 = new(Bottleneck * growth);
            conv2 = new(Bottleneck * growth, growth, kernel: 3, generator: generator, fanIn: true);
            RegisterComponents();
        }

        public override Tensor forward(Tensor images)
        {
            using var scope = NewDisposeScope();
            var narrow = conv1.forward(norm1.Normalise(images, rectify: true));
            return conv2.forward(norm2.Normalise(narrow, rectify: true)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Norm, ReLU, 1x1 convolution to half the channels, mean of 2 x 2.</summary>
    private sealed class DenseTransition : nn.Module<Tensor, Tensor>
    {
        private readonly BatchNorm norm;
        private readonly Convolution conv;

        internal DenseTransition(int inChannels, int outChannels, Generator? generator) : base(nameof(DenseTransition))
        {
            norm = new(inChannels);
            conv = new(inChannels, outChannels, kernel: 1, generator: generator, fanIn: true);
            RegisterComponents();
        }

        public override Tensor forward(Tensor images)
        {
            using var scope = NewDisposeScope();
            var narrow = conv.forward(norm.Normalise(images, rectify: true));
            return nn.functional.avg_pool2d(narrow, kernel_size: 2, stride: 2).MoveToOuterDisposeScope();
        }
    }
}
