using RadTex.Learning.Models.Encoders;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>
/// An image encoder and a textual head without causal mask, which names words that were hidden from it (VirTex's masked language task). Its weights
/// have the names of a captioning model's forward direction.
/// </summary>
public sealed class MaskedWordsModel : nn.Module
{
    private readonly VisualBackbone visual;
    private readonly TextualHead textual;
    private readonly ScalarType? compute;

    /// <summary>A model with fresh weights, float32, on the CPU.</summary>
    /// <param name="configuration">Its sizes.</param>
    /// <param name="compute">bfloat16 for mixed precision; null to compute in the parameters' type.</param>
    /// <param name="generator">The weights are drawn from it; null: from one of seed 0.</param>
    public MaskedWordsModel(ModelConfiguration configuration, ScalarType? compute = null, Generator? generator = null)
        : this(configuration, compute, generator, null) { }

    internal MaskedWordsModel(ModelConfiguration configuration, ScalarType? compute, Generator? generator, SharedParts? shared)
        : base(nameof(MaskedWordsModel))
    {
        (Configuration, this.compute) = (configuration.Validated(), compute);
        using var own = generator is null ? new Generator(0) : null;
        generator ??= own;
        visual = shared?.Visual ?? new(configuration, compute, generator);
        textual = new(configuration, visual.Encoder.FeatureWidth, compute, generator, shared?.Embedding);
        RegisterComponents();
    }

    /// <summary>Its sizes.</summary>
    public ModelConfiguration Configuration { get; }

    internal SharedParts Shared => new(visual, textual.Embedding);

    /// <summary>The image encoder: what is kept for transfer.</summary>
    public ImageEncoder Encoder => visual.Encoder;

    /// <summary>[B, C, S, S] to visual features [B, F, S/R, S/R], in the compute type.</summary>
    public Tensor Encode(Tensor images) => visual.forward(images);

    /// <summary>The hidden states of some rows of texts, [M, D], each seeing all of its text and the radiograph.</summary>
    /// <param name="features">Visual features [B, F, h, w].</param>
    /// <param name="texts">Whole texts, words hidden (<see cref="CaptionBatch.PackWhole"/>).</param>
    /// <param name="rows">Packed rows [M] int64.</param>
    public Tensor Hidden(Tensor features, CaptionBatch texts, Tensor rows) => Hidden(textual, features, texts, rows);

    /// <summary>
    /// <paramref name="factor"/> times the sum of the rows' losses in nats, a scalar with its graph, and each row's loss [M] without one. Backward
    /// may be called once.
    /// </summary>
    /// <param name="hidden">[M, D] (<see cref="Hidden(Tensor, CaptionBatch, Tensor)"/>).</param>
    /// <param name="targets">The words that were hidden, [M] int64.</param>
    /// <param name="factor">Such as 1 / M for a mean.</param>
    public (Tensor Sum, Tensor Losses) Loss(Tensor hidden, Tensor targets, double factor) =>
        TokenCrossEntropy.Sum(hidden, textual.OutputWeight, textual.OutputBias, targets, compute, factor);

    /// <summary>Each row's loss [M] in nats, without graph.</summary>
    public Tensor Losses(Tensor hidden, Tensor targets) =>
        TokenCrossEntropy.Losses(hidden, textual.OutputWeight, textual.OutputBias, targets, compute);

    /// <summary>The same of a textual head alone.</summary>
    internal static Tensor Hidden(TextualHead head, Tensor features, CaptionBatch texts, Tensor rows)
    {
        using var scope = NewDisposeScope();
        var embedded = head.Embed(texts.ForwardTokens, texts.Positions);                          // [N, D]
        var hidden = head.Decoder.Forward(embedded, head.Project(features), texts, causal: false); // [N, D]
        return hidden.index_select(0, rows).MoveToOuterDisposeScope();                            // [M, D]
    }
}
