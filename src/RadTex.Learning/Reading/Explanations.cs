using RadTex.Learning.Models;
using RadTex.Learning.Models.Encoders;
using static TorchSharp.torch;

namespace RadTex.Learning.Reading;

/// <summary>Maps of what a score depends on in a picture: Grad-CAM, and occlusion as the slow check.</summary>
public static class Explanations
{
    /// <summary>
    /// Grad-CAM (Selvaraju et al. 2017) at the encoder's last stage: the channels weighted by the mean gradient of the score, summed, negative
    /// values cut. For a linear head on averaged features it is the class activation map.
    /// </summary>
    /// <param name="features">One image's [1, F, h, w].</param>
    /// <param name="score">From features to a number, such as a head's logit or a word's log-probability.</param>
    /// <returns>h x w values, row by row.</returns>
    public static float[] GradCam(Tensor features, Func<Tensor, Tensor> score)
    {
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        var leaf = features.detach().to(ScalarType.Float32).requires_grad_();
        var gradient = autograd.grad([score(leaf)], [leaf])[0];
        var weights = gradient.mean([2L, 3L], keepdim: true);                      // [1, F, 1, 1]
        return (weights * leaf.detach()).sum(1).relu().data<float>().ToArray();    // [1, h, w]
    }

    /// <summary>
    /// LayerCAM (Jiang et al. 2021) at the encoder's second stage, an eighth of the picture's side: each value weighted by its own gradient of the
    /// score where that is positive, summed over channels, and averaged over 3 x 3 neighbours, for the strides of later stages leave a lattice in
    /// gradients. It places what the last stage's few patches cannot.
    /// </summary>
    /// <param name="model">A model in evaluation mode, in float32.</param>
    /// <param name="image">One image [1, C, S, S].</param>
    /// <param name="tokens">A caption, the start token first.</param>
    /// <param name="scores">For each map the tokens whose log-probabilities it explains; token i of the caption is number i.</param>
    /// <returns>S/8 x S/8 values each, row by row.</returns>
    public static float[][] LayerCam(RadTexModel model, Tensor image, IReadOnlyList<int> tokens, IReadOnlyList<IReadOnlyList<int>> scores)
    {
        using var scope = NewDisposeScope();
        using var _ = enable_grad();
        var stages = model.Encoder.Stages(image.detach());
        var stage = stages[1];
        var tokenScores = TokenScores(model, stages[^1], tokens); // [1, N]
        return [.. scores.Select(chosen =>
        {
            using var mapScope = NewDisposeScope();
            var gradient = autograd.grad([SumOf(tokenScores, chosen)], [stage], retain_graph: true)[0];
            var map = (gradient.relu() * stage.detach()).sum(1, keepdim: true); // [1, 1, S/8, S/8]
            return nn.functional.avg_pool2d(map, kernel_size: 3, stride: 1, padding: 1).contiguous().data<float>().ToArray();
        })];
    }

    /// <summary>
    /// What features were attended to, followed to the patches they come from: attention [N, P] times the encoder's rolled-out attention
    /// (<see cref="ImageEncoder.RollOut"/>).
    /// </summary>
    /// <param name="encoder">In evaluation mode.</param>
    /// <param name="image">One image [1, C, S, S].</param>
    /// <param name="attention">N rows over P features.</param>
    /// <exception cref="UserErrorException">The encoder has no attention.</exception>
    internal static float[][] RollOut(ImageEncoder encoder, Tensor image, float[][] attention)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var flow = encoder.RollOut(image) ?? throw new UserErrorException(
            $"Attention is rolled out over an encoder's layers, and a {encoder.Spec.Architecture} has none. Ask for another kind of map.");
        long N = attention.Length, P = flow.shape[2];
        var rows = tensor([.. attention.SelectMany(row => row)], [N, P]).to(flow.dtype);
        return [.. rows.matmul(flow[0].narrow(0, 1, P)).to(ScalarType.Float32).data<float>().ToArray().Chunk((int)P)]; // [N, P]
    }

    /// <summary>
    /// How much each of K scores falls where a square of the picture is replaced by the picture's mean: one forward pass a square.
    /// </summary>
    /// <param name="image">One image [1, C, S, S].</param>
    /// <param name="scores">From images [B, C, S, S] to [B, K] numbers.</param>
    /// <param name="cells">Squares along each side.</param>
    /// <returns>For each score cells x cells values, row by row; negative where hiding raises it.</returns>
    public static float[][] Occlusion(Tensor image, Func<Tensor, Tensor> scores, int cells)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        long S = image.shape[2], square = (S + cells - 1) / cells;
        var whole = scores(image); // [1, K]
        var mean = image.mean();
        var falls = Enumerable.Range(0, (int)whole.shape[1]).Select(_ => new float[cells * cells]).ToArray();
        for (int row = 0; row < cells; row++)
        {
            using var rowScope = NewDisposeScope();
            var hidden = image.repeat(cells, 1, 1, 1); // one image a column
            for (int column = 0; column < cells; column++)
            {
                long top = row * square, left = column * square;
                if (top >= S || left >= S) continue;
                hidden[column].narrow(1, top, Math.Min(square, S - top)).narrow(2, left, Math.Min(square, S - left)).copy_(mean);
            }
            var fall = (whole - scores(hidden)).to(ScalarType.Float32).data<float>().ToArray(); // [cells, K]
            for (int column = 0; column < cells; column++)
                for (int k = 0; k < falls.Length; k++) falls[k][row * cells + column] = fall[column * falls.Length + k];
        }
        return falls;
    }

    /// <summary>The log-probability of each token of a caption after its first, in nats, given visual features [B, F, h, w]: [B, N].</summary>
    /// <param name="model">A model in evaluation mode.</param>
    /// <param name="features">Of B images, to each of which the caption is fed.</param>
    /// <param name="tokens">N + 1 tokens, the start token first.</param>
    public static Tensor TokenScores(RadTexModel model, Tensor features, IReadOnlyList<int> tokens)
    {
        using var scope = NewDisposeScope();
        int B = (int)features.shape[0], N = tokens.Count - 1;
        using var captions = CaptionBatch.Pack([.. Enumerable.Repeat(tokens, B)]);
        var logProbabilities = model.Logits(model.DecodeForward(model.Textual.Project(features), captions)).log_softmax(1); // [B * N, V]
        return logProbabilities.gather(1, captions.ForwardTargets.unsqueeze(1)).view(B, N).MoveToOuterDisposeScope();
    }

    /// <summary>The sum of the first row's scores of some tokens; token i of the caption is column i - 1.</summary>
    internal static Tensor SumOf(Tensor tokenScores, IReadOnlyList<int> tokens)
    {
        using var scope = NewDisposeScope();
        return tokenScores[0].index_select(0, tensor(tokens.Select(t => t - 1L).ToArray())).sum().MoveToOuterDisposeScope();
    }
}
