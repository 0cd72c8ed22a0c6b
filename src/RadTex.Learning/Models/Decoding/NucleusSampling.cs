using static TorchSharp.torch;

namespace RadTex.Learning.Models.Decoding;

/// <summary>
/// Nucleus sampling over the forward direction (Holtzman et al. 2020; VirTex, nucleus_sampling.py): each token is drawn from the
/// likeliest ones that together hold <paramref name="Mass"/> of the probability. No immediate repeat, as in <see cref="BeamSearch"/>.
/// </summary>
/// <param name="Mass">In (0, 1].</param>
/// <param name="MaxSteps">Most tokens generated, the end token included.</param>
/// <param name="Seed">With an image's place in the batch and the step it decides each draw.</param>
public sealed record NucleusSampling(double Mass = 0.9, int MaxSteps = 170, long Seed = 0) : IDecoding
{
    /// <summary>One caption of each image; log-probabilities are the model's own, before the cut to the nucleus.</summary>
    /// <param name="captioner">In evaluation mode.</param>
    /// <param name="features">Visual features [B, F, h, w].</param>
    public IReadOnlyList<Caption> Decode(ICaptioner captioner, Tensor features)
    {
        using var scope = NewDisposeScope();
        using var decoder = new StepwiseDecoder(captioner, features, rowsPerImage: 1, MaxSteps);
        int end = captioner.Configuration.EndToken;
        var captions = new Caption[features.shape[0]];
        Array.Fill(captions, Caption.Empty);
        int[] open = [.. Enumerable.Range(0, captions.Length)];
        for (int step = 0; step < decoder.Longest && open.Length > 0; step++)
        {
            using var stepScope = NewDisposeScope();
            var logProbabilities = decoder.Next([.. open.Select(image => captions[image])]); // [R, V]
            var draws = tensor(
                open.Select(image => new CounterRandom((ulong)Seed, (ulong)image, (ulong)step).UniformDouble()).ToArray(),
                device: logProbabilities.device);
            var chosen = Draw(logProbabilities.exp(), draws.to(logProbabilities.dtype).unsqueeze(1)); // [R, 1]
            var tokens = chosen.cpu().data<long>().ToArray();
            var scores = logProbabilities.gather(1, chosen).to(ScalarType.Float64).cpu().data<double>().ToArray();
            for (int row = 0; row < open.Length; row++) captions[open[row]] = captions[open[row]].With((int)tokens[row], scores[row]);
            int[] rows = [.. Enumerable.Range(0, open.Length).Where(row => tokens[row] != end)];
            open = [.. rows.Select(row => open[row])];
            if (open.Length > 0) decoder.Keep(rows);
        }
        return captions;
    }

    // Inverse transform on the probabilities in falling order. The nucleus ends with the first token that brings the mass to Mass, so
    // it is never empty; draws [R, 1] in [0, 1) are scaled to what it holds.
    private Tensor Draw(Tensor probabilities, Tensor draws)
    {
        using var scope = NewDisposeScope();
        var (sorted, order) = probabilities.sort(1, descending: true);
        var cumulative = sorted.cumsum(1);                                          // [R, V]
        // the nucleus' last place, [R, 1]
        var size = cumulative.lt(Scalars.Of(Mass)).sum(1, keepdim: true).clamp_max(Scalars.Of(cumulative.shape[1] - 1));
        var target = draws * cumulative.gather(1, size);
        var rank = cumulative.le(target).sum(1, keepdim: true).minimum(size);      // the first place whose cumulative passes the target
        return order.gather(1, rank).MoveToOuterDisposeScope();
    }
}
