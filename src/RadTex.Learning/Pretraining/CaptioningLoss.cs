using RadTex.Learning.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// The two losses of bidirectional captioning (VirTex, captioning.py): each the mean over the real tokens of the batch, weight 1
/// for both directions. In nats per token.
/// </summary>
/// <param name="TokenLosses">Every token's loss without graph: [2N], the forward direction's first, or [N] of that direction alone.</param>
/// <param name="Tokens">N.</param>
/// <param name="Loss">A scalar with its graph, factor · (forward + backward); null where the losses alone were asked for.</param>
public sealed record CaptioningLoss(Tensor TokenLosses, long Tokens, Tensor? Loss = null)
{
    /// <summary>The forward direction's mean, in nats per token. Reading it waits for the device.</summary>
    public double Forward => Value(ForwardMean);

    /// <summary>0 where the forward direction alone was asked for.</summary>
    public double Backward => Value(BackwardMean);

    /// <summary>The forward direction's, a float64 scalar without graph.</summary>
    internal Tensor ForwardMean => Mean(0);

    /// <summary>The backward direction's.</summary>
    internal Tensor BackwardMean =>
        TokenLosses.shape[0] > Tokens ? Mean(Tokens) : zeros(1, dtype: ScalarType.Float64, device: TokenLosses.device);

    /// <summary>The losses alone.</summary>
    /// <param name="model">The model the hidden states come from.</param>
    /// <param name="hidden">Hidden states [N, D] of both directions. Both pass the output layer in one product.</param>
    /// <param name="captions">The captions they predict.</param>
    public static CaptioningLoss Evaluate(RadTexModel model, (Tensor Forward, Tensor Backward) hidden, CaptionBatch captions)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var losses = TokenCrossEntropy.Losses(
            cat([hidden.Forward, hidden.Backward]), model.Textual.OutputWeight, model.Textual.OutputBias, Targets(captions), model.Compute);
        return new(losses.MoveToOuterDisposeScope(), captions.Count);
    }

    /// <summary>The losses, and <paramref name="factor"/> · (forward + backward) with its graph.</summary>
    /// <param name="model">The model the hidden states come from.</param>
    /// <param name="hidden">Hidden states [N, D] of both directions, with their graph.</param>
    /// <param name="captions">The captions they predict.</param>
    /// <param name="factor">Such as one over the number of groups in a batch.</param>
    /// <param name="blocks">Leaves out the gradients of words that no token's probability reaches; null for none.</param>
    public static CaptioningLoss Of(
        RadTexModel model, (Tensor Forward, Tensor Backward) hidden, CaptionBatch captions, double factor = 1, WordBlocks? blocks = null)
    {
        using var scope = NewDisposeScope();
        return Of(model, cat([hidden.Forward, hidden.Backward]), Targets(captions), captions.Count, (factor, blocks));
    }

    /// <summary>The forward direction alone: its loss, and <paramref name="factor"/> times it with its graph.</summary>
    /// <param name="model">The model the hidden states come from.</param>
    /// <param name="hidden">Hidden states [N, D] of the forward direction, with their graph.</param>
    /// <param name="captions">The captions they predict.</param>
    /// <param name="factor">Such as one over the number of groups in a batch.</param>
    /// <param name="blocks">Leaves out the gradients of words that no token's probability reaches; null for none.</param>
    public static CaptioningLoss OfForward(RadTexModel model, Tensor hidden, CaptionBatch captions, double factor = 1, WordBlocks? blocks = null)
    {
        using var scope = NewDisposeScope();
        return Of(model, hidden, captions.ForwardTargets, captions.Count, (factor, blocks));
    }

    /// <summary>
    /// The losses of <see cref="Of(RadTexModel, ValueTuple{Tensor, Tensor}, CaptionBatch, double, WordBlocks)"/>, its gradient added to every
    /// parameter's.
    /// </summary>
    public static CaptioningLoss Backpropagate(RadTexModel model, (Tensor Forward, Tensor Backward) hidden, CaptionBatch captions)
    {
        var loss = Of(model, hidden, captions);
        loss.Loss!.backward();
        return loss;
    }

    private static CaptioningLoss Of(RadTexModel model, Tensor hidden, Tensor targets, long tokens, (double Factor, WordBlocks? Blocks) how)
    {
        var (loss, losses) = TokenCrossEntropy.Sum(
            hidden, model.Textual.OutputWeight, model.Textual.OutputBias, targets, model.Compute, how.Factor / tokens, how.Blocks);
        return new(losses.MoveToOuterDisposeScope(), tokens, loss.MoveToOuterDisposeScope());
    }

    private static Tensor Targets(CaptionBatch captions) => cat([captions.ForwardTargets, captions.BackwardTargets]);

    private static double Value(Tensor scalar)
    {
        using (scalar) return scalar.item<double>();
    }

    private Tensor Mean(long first)
    {
        using var scope = NewDisposeScope();
        return TokenLosses.narrow(0, first, Tokens).to(ScalarType.Float64).mean().MoveToOuterDisposeScope();
    }
}
