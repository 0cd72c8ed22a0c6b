using RadTex.Learning.Models.Decoding;
using RadTex.Learning.Models.Encoders;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>
/// The model of the paper (section 2.1): an image encoder and a textual head that predicts the findings forwards and backwards.
/// </summary>
/// <remarks>
/// Parameters are float32 (or float64 after <c>to(float64)</c>); <see cref="Compute"/> is the type of convolutions and linear
/// maps. Norms, residual sums, softmax and loss keep the parameters' type.
/// </remarks>
public sealed class RadTexModel : nn.Module, ICaptioner
{
    private readonly VisualBackbone visual;
    private readonly TextualHead textual;
    private readonly BackwardTextualHead backward_textual;

    /// <summary>Builds a model with fresh weights.</summary>
    /// <param name="configuration">Its sizes.</param>
    /// <param name="compute">bfloat16 for mixed precision; null to compute in the parameters' type.</param>
    /// <param name="generator">The weights are drawn from it; null: from one of seed 0. torch's own is the process's and is left alone.</param>
    public RadTexModel(ModelConfiguration configuration, ScalarType? compute = null, Generator? generator = null)
        : this(configuration, compute, generator, null) { }

    internal RadTexModel(ModelConfiguration configuration, ScalarType? compute, Generator? generator, SharedParts? shared)
        : base(nameof(RadTexModel))
    {
        Configuration = configuration.Validated();
        Compute = compute;
        using var own = generator is null ? new Generator(0) : null;
        generator ??= own;
        visual = shared?.Visual ?? new(configuration, compute, generator);
        textual = new(configuration, visual.Encoder.FeatureWidth, compute, generator, shared?.Embedding);
        backward_textual = new(configuration, compute, generator);
        RegisterComponents();
        CopyForwardDecoder();
    }

    /// <inheritdoc/>
    public ModelConfiguration Configuration { get; }

    /// <summary>The type of convolutions and linear maps, such as bfloat16; null for the parameters'.</summary>
    public ScalarType? Compute { get; }

    /// <summary>The image encoder: what is kept for transfer.</summary>
    public ImageEncoder Encoder => visual.Encoder;

    internal SharedParts Shared => new(visual, textual.Embedding);

    /// <summary>Visual projection, word and position embedding, forward decoder and output layer.</summary>
    public TextualHead Textual => textual;

    /// <summary>[B, C, S, S] to visual features [B, F, S/R, S/R], in the compute type.</summary>
    public Tensor Encode(Tensor images) => visual.forward(images);

    /// <summary>Visual features [B, F, h, w] and captions to the hidden states of both directions, [N, D] each.</summary>
    public (Tensor Forward, Tensor Backward) Decode(Tensor features, CaptionBatch captions)
    {
        using var scope = NewDisposeScope();
        var patches = textual.Project(features); // [B, P, D], shared by both directions
        var forward = textual.Decoder.Forward(textual.Embed(captions.ForwardTokens, captions.Positions), patches, captions);
        var backward = backward_textual.Decoder.Forward(textual.Embed(captions.BackwardTokens, captions.Positions), patches, captions);
        return (forward.MoveToOuterDisposeScope(), backward.MoveToOuterDisposeScope());
    }

    /// <summary>Hidden states of the forward direction alone, [N, D], from patches [B, P, D] (<see cref="TextualHead.Project"/>).</summary>
    public Tensor DecodeForward(Tensor patches, CaptionBatch captions)
    {
        using var scope = NewDisposeScope();
        return textual.Decoder.Forward(textual.Embed(captions.ForwardTokens, captions.Positions), patches, captions).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// How much of the attention that predicts each token goes to each patch, the mean over layers and heads, [N, P] with rows of sum 1:
    /// row i belongs to the position whose output is the caption's token i + 1.
    /// </summary>
    /// <param name="patches">[B, P, D] (<see cref="TextualHead.Project"/>).</param>
    /// <param name="captions">B captions.</param>
    public Tensor PatchWeights(Tensor patches, CaptionBatch captions)
    {
        using var scope = NewDisposeScope();
        return textual.Decoder.PatchWeights(textual.Embed(captions.ForwardTokens, captions.Positions), patches, captions).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public ICaptionSteps Begin(Tensor features, int rowsPerImage, int longest) => new ModelSteps(this, features, rowsPerImage, longest);

    /// <summary>Hidden states [N, D] to logits [N, V] in the parameters' type. For training use <see cref="TokenCrossEntropy"/>.</summary>
    public Tensor Logits(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return LinearMap.Apply(hidden, textual.OutputWeight, textual.OutputBias, Compute).to(textual.OutputWeight.dtype).MoveToOuterDisposeScope();
    }

    // VirTex makes the backward decoder a deep copy of the forward one: both start equal.
    private void CopyForwardDecoder()
    {
        using var _ = no_grad();
        foreach (var (to, from) in backward_textual.Decoder.parameters().Zip(textual.Decoder.parameters())) to.copy_(from);
    }
}
