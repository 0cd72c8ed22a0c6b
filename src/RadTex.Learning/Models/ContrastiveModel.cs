using RadTex.Learning.Models.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>
/// Radiographs and texts in one space (ConVIRT, Zhang et al. 2020): an image encoder and a text encoder, each with a projection of two layers; and
/// the temperature and bias that the sigmoid form learns (SigLIP, Zhai et al. 2023), which the softmax form leaves as they are.
/// </summary>
public sealed class ContrastiveModel : nn.Module
{
    private readonly VisualBackbone visual;
    private readonly TextEncoder textual;
    private readonly ProjectionHead image_projection, text_projection;
    private readonly Parameter log_scale, logit_bias;

    /// <summary>A model with fresh weights, float32, on the CPU.</summary>
    /// <param name="configuration">Encoder and text side.</param>
    /// <param name="width">Of the common space.</param>
    /// <param name="compute">bfloat16 for mixed precision; null to compute in the parameters' type.</param>
    /// <param name="generator">The weights are drawn from it; null: from one of seed 0.</param>
    public ContrastiveModel(ModelConfiguration configuration, int width, ScalarType? compute = null, Generator? generator = null)
        : this(configuration, width, compute, generator, null) { }

    internal ContrastiveModel(ModelConfiguration configuration, int width, ScalarType? compute, Generator? generator, SharedParts? shared)
        : base(nameof(ContrastiveModel))
    {
        (Configuration, Projection) = (configuration.Validated(), width);
        using var own = generator is null ? new Generator(0) : null;
        generator ??= own;
        visual = shared?.Visual ?? new(configuration, compute, generator);
        textual = new(configuration, compute, generator, shared?.Embedding);
        image_projection = new(visual.Encoder.FeatureWidth, width, generator);
        text_projection = new(configuration.Hidden, width, generator);
        log_scale = nn.Parameter(full(1, Scalars.Of(Math.Log(ContrastiveLoss.FirstScale))));
        logit_bias = nn.Parameter(full(1, Scalars.Of(ContrastiveLoss.FirstBias)));
        this.compute = compute;
        RegisterComponents();
    }

    private readonly ScalarType? compute;

    /// <summary>Sizes of both encoders.</summary>
    public ModelConfiguration Configuration { get; }

    /// <summary>W, the width of the common space.</summary>
    public int Projection { get; }

    /// <summary>The image encoder: what is kept for transfer.</summary>
    public ImageEncoder Encoder => visual.Encoder;

    internal SharedParts Shared => new(visual, textual.Embedding);

    /// <summary>Logarithm of what the sigmoid form multiplies cosines by, [1].</summary>
    public Parameter LogScale => log_scale;

    /// <summary>What it adds to them, [1].</summary>
    public Parameter Bias => logit_bias;

    /// <summary>[B, C, S, S] to vectors [B, W], in the parameters' type.</summary>
    public Tensor Embed(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Project(Encoder.Pool(Encoder.InComputeType(images, compute))).MoveToOuterDisposeScope();
    }

    /// <summary>Pooled vectors [B, F] of radiographs to vectors [B, W].</summary>
    internal Tensor Project(Tensor pooled) => image_projection.forward(pooled);

    /// <summary>Whole texts to vectors [B, W].</summary>
    public Tensor Embed(CaptionBatch texts)
    {
        using var scope = NewDisposeScope();
        return text_projection.forward(textual.Forward(texts)).MoveToOuterDisposeScope();
    }

    /// <summary>Two linear layers with a ReLU between, as wide as what they make; in the parameters' type.</summary>
    private sealed class ProjectionHead : nn.Module<Tensor, Tensor>
    {
        private readonly LinearLayer linear1, linear2;

        internal ProjectionHead(int inWidth, int outWidth, Generator? generator) : base(nameof(ProjectionHead))
        {
            linear1 = new(inWidth, outWidth, compute: null, zeroBias: true, generator);
            linear2 = new(outWidth, outWidth, compute: null, zeroBias: true, generator);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return linear2.forward(linear1.forward(input).relu()).MoveToOuterDisposeScope();
        }
    }
}
