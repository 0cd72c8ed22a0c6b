using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.ZeroShot;

/// <summary>
/// The log-likelihood of a text as a radiograph's caption, in nats, the mean of both directions; whether the caption ends with it is not asked, since
/// reports go on. Over templates likelihoods are averaged, not their logarithms: one way of putting it is enough.
/// </summary>
internal sealed class CaptionLikelihood(
    RadTexModel model, WordPieceVocabulary vocabulary, ModelCard card, string folder, CaptionDirections directions)
    : TextAffinity(model, vocabulary, card, folder)
{
    public override string Method => directions == CaptionDirections.Both
        ? "caption likelihood, both directions, corrected by the pictures of other patients"
        : "caption likelihood, forward, corrected by the pictures of other patients";

    private protected override double[][] Measure(Tensor images, int[][] texts)
    {
        int count = (int)images.shape[0];
        var features = model.Encode(images);
        var likelihoods = Enumerable.Range(0, count).Select(_ => new double[texts.Length]).ToArray();
        for (int t = 0; t < texts.Length; t++)
        {
            using var scope = NewDisposeScope();
            using var captions = CaptionBatch.Pack([.. Enumerable.Repeat(texts[t], count)]);
            long targets = texts[t].Length - 1;
            var losses = CaptioningLoss.Evaluate(model, model.Decode(features, captions), captions).TokenLosses.to(ScalarType.Float64); // [2N]
            // The last target of a direction is the end that is not asked for.
            var nats = losses.view(2, count, targets).narrow(2, 0, targets - 1).sum(2);                                                  // [2, B]
            double[] values = nats.data<double>().ToArray();
            for (int i = 0; i < count; i++)
                likelihoods[i][t] = directions == CaptionDirections.Both ? -(values[i] + values[count + i]) / 2 : -values[i];
        }
        return likelihoods;
    }

    private protected override double Mean(double[] templates)
    {
        double largest = templates.Max();
        return largest + Math.Log(templates.Average(v => Math.Exp(v - largest)));
    }
}
