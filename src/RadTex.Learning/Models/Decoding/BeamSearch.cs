using static TorchSharp.torch;

namespace RadTex.Learning.Models.Decoding;

/// <summary>
/// Beam search over the forward direction (section 3.5 of the paper: two beams; VirTex, beam_search.py): no immediate repeat of a
/// token from the second step on, a finished beam competes on with the score it has. One beam is greedy decoding.
/// </summary>
/// <remarks>
/// All images of a batch advance together, a step a token: keys and values of earlier tokens and of the patches are kept, a finished
/// beam costs nothing more, and an image whose beams have all finished leaves the batch.
/// Departs from VirTex in feeding the start token at every step; see <see cref="VirTexPositions"/>.
/// </remarks>
/// <param name="Beams">Beams kept for each image.</param>
/// <param name="PerNode">Continuations considered of each beam from the second step on.</param>
/// <param name="MaxSteps">Most tokens generated, the end token included.</param>
/// <param name="LengthPower">Captions are ranked by log-probability / tokens^power; 0 (the paper's) ranks by the sum itself.</param>
/// <param name="BlockedRun">Runs of this many tokens may not come twice in a caption; 0 blocks none.</param>
/// <param name="VirTexPositions">
/// VirTex's quirk: after the first step the start token is no longer fed, which shifts every position by one against training.
/// </param>
public sealed record BeamSearch(
    int Beams = 2, int PerNode = 2, int MaxSteps = 170, double LengthPower = 0, int BlockedRun = 0, bool VirTexPositions = false) : IDecoding
{
    /// <summary>VirTex's own search: five beams, two continuations each, at most 30 tokens whatever the model allows, its positions.</summary>
    public static BeamSearch VirTexCompatible { get; } = new(Beams: 5, PerNode: 2, MaxSteps: 30, VirTexPositions: true);

    /// <summary>The likeliest token at every step.</summary>
    public static BeamSearch Greedy { get; } = new(Beams: 1, PerNode: 1);

    /// <summary>Captions of each image, best first.</summary>
    /// <param name="captioner">In evaluation mode.</param>
    /// <param name="features">Visual features [B, F, h, w].</param>
    public IReadOnlyList<IReadOnlyList<Caption>> Search(ICaptioner captioner, Tensor features)
    {
        using var scope = NewDisposeScope();
        using var decoder = new StepwiseDecoder(captioner, features, Beams, MaxSteps, VirTexPositions);
        int end = captioner.Configuration.EndToken;
        var beams = new List<Caption>[features.shape[0]];
        Array.Fill(beams, [Caption.Empty]);
        int[] open = [.. Enumerable.Range(0, beams.Length)]; // images with a beam that grows, in the order of the decoder's rows
        for (int step = 0; step < decoder.Longest && open.Length > 0; step++)
        {
            using var stepScope = NewDisposeScope();
            var growing = open.SelectMany(image => beams[image]).Where(beam => !beam.EndsWith(end)).ToList();
            var logProbabilities = decoder.Next(growing, BlockedRun); // [R, V]
            var (scores, tokens) = Best(logProbabilities, step == 0 ? Beams : PerNode);
            var parents = new List<int>();
            int row = 0;
            foreach (int image in open)
            {
                var candidates = new List<(Caption Caption, int Row)>();
                foreach (var beam in beams[image])
                {
                    if (beam.EndsWith(end)) candidates.Add((beam, -1));
                    else
                    {
                        candidates.AddRange(tokens[row].Select((token, i) => (beam.With((int)token, scores[row][i]), row)));
                        row++;
                    }
                }
                // A stable sort: ties go to the better beam.
                var kept = candidates.OrderByDescending(c => Rank(c.Caption)).Take(Beams).ToList();
                beams[image] = [.. kept.Select(c => c.Caption)];
                parents.AddRange(kept.Where(c => !c.Caption.EndsWith(end)).Select(c => c.Row));
            }
            open = [.. open.Where(image => beams[image].Exists(beam => !beam.EndsWith(end)))];
            if (open.Length > 0) decoder.Keep(parents);
        }
        return beams;
    }

    /// <summary>The best caption of each image.</summary>
    public IReadOnlyList<Caption> Decode(ICaptioner captioner, Tensor features) => [.. Search(captioner, features).Select(captions => captions[0])];

    private double Rank(Caption caption) =>
        LengthPower == 0 ? caption.LogProbability : caption.LogProbability / Math.Pow(caption.Tokens.Count, LengthPower);

    // The best continuations of each row, best first.
    private static (double[][] Scores, long[][] Tokens) Best(Tensor logProbabilities, int width)
    {
        var (values, indices) = logProbabilities.topk(Math.Min(width, (int)logProbabilities.shape[1]), 1);
        int rows = (int)logProbabilities.shape[0];
        var scores = values.to(ScalarType.Float64).cpu().data<double>().ToArray();
        var tokens = indices.cpu().data<long>().ToArray();
        return (scores.Chunk(scores.Length / rows).ToArray(), tokens.Chunk(tokens.Length / rows).ToArray());
    }
}
