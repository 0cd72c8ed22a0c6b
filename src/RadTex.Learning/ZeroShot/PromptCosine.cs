using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Pretraining;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.ZeroShot;

/// <summary>The cosine of a radiograph's vector and a text's in the common space of a contrastive model; over templates the mean.</summary>
internal sealed class PromptCosine(ContrastiveModel model, WordPieceVocabulary vocabulary, ModelCard card, string folder)
    : TextAffinity(model, vocabulary, card, folder)
{
    private const int TextsAtOnce = 64;

    public override string Method => "cosine of prompts";

    /// <summary>Unit vectors of radiographs, [N, W], on the CPU.</summary>
    internal Tensor Vectors(RadiographBatches images, IReadOnlyList<int> radiographs, int batchSize, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var parts = new List<Tensor>();
        foreach (var batch in radiographs.Chunk(batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            parts.Add(Unit(model.Embed(images.CentreViews(batch))).MoveToOuterDisposeScope());
        }
        return cat(parts).MoveToOuterDisposeScope();
    }

    /// <summary>Unit vectors of texts, [N, W].</summary>
    internal Tensor Vectors(IReadOnlyList<int[]> texts)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var parts = new List<Tensor>();
        foreach (var some in texts.Chunk(TextsAtOnce))
        {
            using var inner = NewDisposeScope();
            using var packed = CaptionBatch.PackWhole(some);
            parts.Add(Unit(model.Embed(packed)).MoveToOuterDisposeScope());
        }
        return cat(parts).MoveToOuterDisposeScope();
    }

    private protected override double[][] Measure(Tensor images, int[][] texts)
    {
        var cosines = Unit(model.Embed(images)).matmul(Vectors(texts).t()).to(ScalarType.Float64); // [B, texts]
        return [.. cosines.contiguous().data<double>().ToArray().Chunk(texts.Length)];
    }

    private protected override double Mean(double[] templates) => templates.Average();

    private static Tensor Unit(Tensor vectors) => nn.functional.normalize(vectors, p: 2, dim: 1);
}
