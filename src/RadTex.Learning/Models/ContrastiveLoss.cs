using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>Losses of B pairs of vectors, each other pairing a negative; in nats. Vectors come as they are and are made of length 1 here.</summary>
public static class ContrastiveLoss
{
    /// <summary>What the sigmoid form multiplies cosines by at first (SigLIP).</summary>
    internal const double FirstScale = 10;

    /// <summary>What it adds to them at first: nearly all pairings are negatives.</summary>
    internal const double FirstBias = -10;

    /// <summary>
    /// The softmax form (ConVIRT, equations 2 to 4; InfoNCE): w · cross-entropy of a radiograph's text among all texts + (1 - w) · that of a text's
    /// radiograph, means over the pairs. ln B where all vectors are the same.
    /// </summary>
    /// <param name="images">[B, W].</param>
    /// <param name="texts">[B, W], in the same order.</param>
    /// <param name="temperature">Divides the cosines.</param>
    /// <param name="weight">w, 0 to 1.</param>
    /// <returns>A scalar with its graph, and both cross-entropies.</returns>
    public static (Tensor Loss, Tensor ToText, Tensor ToImage) Softmax(Tensor images, Tensor texts, double temperature, double weight)
    {
        using var scope = NewDisposeScope();
        using TorchSharp.Scalar factor = 1 / temperature, ofText = weight, ofImage = 1 - weight;
        var logits = Unit(images).matmul(Unit(texts).t()).mul(factor);                                   // [B, B]
        var toText = logits.log_softmax(1).diagonal().mean().neg();
        var toImage = logits.log_softmax(0).diagonal().mean().neg();
        var loss = toText.mul(ofText).add(toImage.mul(ofImage), Scalars.One);
        return (loss.MoveToOuterDisposeScope(), toText.MoveToOuterDisposeScope(), toImage.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The sigmoid form (SigLIP, equation 1): -1/B · the sum over all pairings of ln σ(± (e^t cos + b)), + for a pair and - for any other.
    /// </summary>
    /// <param name="images">[B, W].</param>
    /// <param name="texts">[B, W], in the same order.</param>
    /// <param name="logScale">t, [1].</param>
    /// <param name="bias">b, [1].</param>
    public static Tensor Sigmoid(Tensor images, Tensor texts, Tensor logScale, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var logits = Unit(images).matmul(Unit(texts).t()).mul(logScale.exp()).add(bias, Scalars.One);    // [B, B]
        var signs = eye(logits.shape[0], dtype: logits.dtype, device: logits.device).mul(Scalars.Of(2.0)).sub(Scalars.One); // 1 for pairs, else -1
        using TorchSharp.Scalar share = -1.0 / logits.shape[0];
        return nn.functional.logsigmoid(logits.mul(signs)).sum().mul(share).MoveToOuterDisposeScope();
    }

    private static Tensor Unit(Tensor vectors) => nn.functional.normalize(vectors, p: 2, dim: 1);
}
