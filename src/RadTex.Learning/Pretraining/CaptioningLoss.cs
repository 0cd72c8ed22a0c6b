using RadTex.Learning.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// The two losses of bidirectional captioning (VirTex, captioning.py): each the mean over the real tokens of the batch, weight 1
/// for both directions. In nats per token; <see cref="TokenLosses"/> holds every token's, [2N], the forward direction's first.
/// </summary>
public sealed record CaptioningLoss(Tensor TokenLosses)
{
    public double Forward => MeanOfHalf(0);

    public double Backward => MeanOfHalf(1);

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
        return new(losses.MoveToOuterDisposeScope());
    }

    /// <summary>The losses, and the gradient of <paramref name="factor"/> · (forward + backward) added to every parameter's.</summary>
    /// <param name="model">The model the hidden states come from.</param>
    /// <param name="hidden">Hidden states [N, D] of both directions, with their graph.</param>
    /// <param name="captions">The captions they predict.</param>
    /// <param name="factor">Such as one over the number of groups in a batch.</param>
    public static CaptioningLoss Backpropagate(RadTexModel model, (Tensor Forward, Tensor Backward) hidden, CaptionBatch captions, double factor = 1)
    {
        using var scope = NewDisposeScope();
        var both = cat([hidden.Forward, hidden.Backward]); // [2N, D]
        var (losses, gradient) = TokenCrossEntropy.Backpropagate(
            both, model.Textual.OutputWeight, model.Textual.OutputBias, Targets(captions), model.Compute, factor / captions.Count);
        both.backward([gradient]);
        return new(losses.MoveToOuterDisposeScope());
    }

    /// <summary>The forward direction alone: adds the gradient of <paramref name="factor"/> · forward, returns the mean over its tokens.</summary>
    /// <param name="model">The model the hidden states come from.</param>
    /// <param name="hidden">Hidden states [N, D] of the forward direction, with their graph.</param>
    /// <param name="captions">The captions they predict.</param>
    /// <param name="factor">Such as one over the number of groups in a batch.</param>
    public static double BackpropagateForward(RadTexModel model, Tensor hidden, CaptionBatch captions, double factor = 1)
    {
        using var scope = NewDisposeScope();
        var (losses, gradient) = TokenCrossEntropy.Backpropagate(
            hidden, model.Textual.OutputWeight, model.Textual.OutputBias, captions.ForwardTargets, model.Compute, factor / captions.Count);
        hidden.backward([gradient]);
        return losses.to(ScalarType.Float64).mean().item<double>();
    }

    private static Tensor Targets(CaptionBatch captions) => cat([captions.ForwardTargets, captions.BackwardTargets]);

    private double MeanOfHalf(int half)
    {
        using var scope = NewDisposeScope();
        long N = TokenLosses.shape[0] / 2;
        return TokenLosses.narrow(0, half * N, N).to(ScalarType.Float64).mean().item<double>();
    }
}
