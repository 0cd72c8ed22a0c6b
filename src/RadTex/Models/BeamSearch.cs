using static TorchSharp.torch;

namespace RadTex.Models;

/// <summary>A generated caption: its tokens without the start token, and the sum of their log-probabilities in nats.</summary>
public sealed record Caption(IReadOnlyList<int> Tokens, double LogProbability);

/// <summary>
/// Beam search over the forward direction (section 3.5 of the paper: two beams; VirTex, beam_search.py): no length
/// normalisation, no immediate repeat of a token from the second step on, a finished beam goes on with the end token at no cost.
/// </summary>
/// <remarks>
/// Departs from VirTex in feeding the start token at every step; VirTex drops it after the first, which shifts all positions by
/// one against training. Every step recomputes the whole prefix: O(T^2) token steps.
/// </remarks>
/// <param name="Beams">Beams kept for each image.</param>
/// <param name="PerNode">Continuations considered of each beam.</param>
/// <param name="MaxSteps">Most tokens generated, the end token included.</param>
public sealed record BeamSearch(int Beams = 2, int PerNode = 2, int MaxSteps = 170)
{
    private const double Forbidden = -10_000;

    /// <summary>Captions of each image, best first; each image's search ends when all its beams have.</summary>
    /// <param name="model">A model in evaluation mode.</param>
    /// <param name="features">Visual features [B, F, h, w].</param>
    public IReadOnlyList<IReadOnlyList<Caption>> Search(RadTexModel model, Tensor features)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var patches = model.Textual.Project(features); // [B, P, D]
        return [.. Enumerable.Range(0, (int)features.shape[0]).Select(b => SearchOne(model, patches.narrow(0, b, 1)))];
    }

    private List<Caption> SearchOne(RadTexModel model, Tensor patches)
    {
        var (start, end) = (model.Configuration.StartToken, model.Configuration.EndToken);
        int longest = Math.Min(MaxSteps, model.Configuration.MaxTokens);
        var beams = new List<Caption> { new([], 0) };
        for (int step = 0; step < longest && (step == 0 || beams.Exists(beam => beam.Tokens[^1] != end)); step++)
        {
            using var stepScope = NewDisposeScope();
            var candidates = new List<Caption>();
            var (scores, tokens) = Continue(model, patches, beams, start, end, step == 0 ? Beams : PerNode);
            for (int i = 0; i < beams.Count; i++)
                foreach (var (score, token) in scores[i].Zip(tokens[i]))
                    candidates.Add(new([.. beams[i].Tokens, (int)token], beams[i].LogProbability + score));
            beams = [.. candidates.OrderByDescending(c => c.LogProbability).Take(Beams)]; // a stable sort: ties go to the better beam
        }
        return beams;
    }

    // The best continuations of each beam, best first.
    private static (double[][] Scores, long[][] Tokens) Continue(RadTexModel model, Tensor patches, List<Caption> beams, int start, int end, int width)
    {
        using var captions = CaptionBatch.Pack([.. beams.Select(beam => (int[])[start, .. beam.Tokens, end])]);
        int length = beams[0].Tokens.Count + 1;
        var hidden = model.DecodeForward(patches.expand(beams.Count, -1, -1), captions); // [beams * length, D]
        var last = hidden.view(beams.Count, length, -1).select(1, length - 1);           // [beams, D]
        var logProbabilities = model.Logits(last).log_softmax(1);                        // [beams, V]
        if (length > 1)
        {
            for (int i = 0; i < beams.Count; i++)
            {
                int previous = beams[i].Tokens[^1];
                if (previous == end) logProbabilities[i].fill_(double.NegativeInfinity);
                logProbabilities[i, previous] = previous == end ? 0 : Forbidden;
            }
        }
        var (values, indices) = logProbabilities.topk(Math.Min(width, (int)logProbabilities.shape[1]), 1);
        var scores = values.to(ScalarType.Float64).cpu().data<double>().ToArray();
        var tokens = indices.cpu().data<long>().ToArray();
        return (scores.Chunk(scores.Length / beams.Count).ToArray(), tokens.Chunk(tokens.Length / beams.Count).ToArray());
    }
}
