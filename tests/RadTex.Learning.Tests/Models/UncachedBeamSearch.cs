using RadTex.Learning.Models;
using RadTex.Learning.Models.Decoding;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

/// <summary>
/// The plain beam search, one image after the other: every step runs the whole prefix of every beam through the packed decoder that
/// training uses and projects the last position to the vocabulary. No cache, no batching, no retiring: O(T^2) token steps.
/// </summary>
internal sealed class UncachedBeamSearch(BeamSearch options)
{
    internal List<List<Caption>> Search(RadTexModel model, Tensor features)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var patches = model.Textual.Project(features); // [B, P, D]
        return [.. Enumerable.Range(0, (int)features.shape[0]).Select(b => SearchOne(model, patches.narrow(0, b, 1)))];
    }

    private List<Caption> SearchOne(RadTexModel model, Tensor patches)
    {
        int end = model.Configuration.EndToken;
        int longest = Math.Min(options.MaxSteps, model.Configuration.MaxTokens);
        var beams = new List<Caption> { new([], [], 0) };
        for (int step = 0; step < longest && (step == 0 || beams.Exists(beam => beam.Tokens[^1] != end)); step++)
        {
            var candidates = new List<Caption>();
            var (scores, tokens) = Continue(model, patches, beams, end, step == 0 ? options.Beams : options.PerNode);
            for (int i = 0; i < beams.Count; i++)
                foreach (var (score, token) in scores[i].Zip(tokens[i]))
                    candidates.Add(
                        new([.. beams[i].Tokens, (int)token], [.. beams[i].TokenLogProbabilities, score], beams[i].LogProbability + score));
            beams = [.. candidates.OrderByDescending(c => Rank(c, end)).Take(options.Beams)];
        }
        return [.. beams.Where(beam => double.IsFinite(beam.LogProbability)).Select(beam => UntilEnd(beam, end))];
    }

    private double Rank(Caption caption, int end) => caption.LogProbability / Math.Pow(UntilEnd(caption, end).Tokens.Count, options.LengthPower);

    private static Caption UntilEnd(Caption caption, int end)
    {
        int length = caption.Tokens.TakeWhile(t => t != end).Count();
        length = Math.Min(length + 1, caption.Tokens.Count);
        return new([.. caption.Tokens.Take(length)], [.. caption.TokenLogProbabilities.Take(length)], caption.LogProbability);
    }

    private (double[][] Scores, long[][] Tokens) Continue(RadTexModel model, Tensor patches, List<Caption> beams, int end, int width)
    {
        using var scope = NewDisposeScope();
        int length = beams[0].Tokens.Count;
        int[] first = options.VirTexPositions && length > 0 ? [] : [model.Configuration.StartToken];
        using var captions = CaptionBatch.Pack([.. beams.Select(beam => (int[])[.. first, .. beam.Tokens, end])]);
        int inputs = first.Length + length;
        var hidden = model.DecodeForward(patches.expand(beams.Count, -1, -1), captions); // [beams * inputs, D]
        var last = hidden.view(beams.Count, inputs, -1).select(1, inputs - 1);           // [beams, D]
        var logProbabilities = model.Logits(last).log_softmax(1);                        // [beams, V]
        for (int i = 0; length > 0 && i < beams.Count; i++)
        {
            var tokens = beams[i].Tokens;
            if (tokens[^1] == end)
            {
                logProbabilities[i].fill_(double.NegativeInfinity);
                logProbabilities[i, end] = 0;
                continue;
            }
            logProbabilities[i, tokens[^1]] = -10_000;
            var runs = Enumerable.Range(0, Math.Max(0, length - options.BlockedRun + 1))
                .Select(at => tokens.Skip(at).Take(options.BlockedRun).ToList()).ToList();
            for (int token = 0; options.BlockedRun > 0 && token < logProbabilities.shape[1]; token++)
                if (runs.Exists(run => run.SequenceEqual([.. tokens.TakeLast(options.BlockedRun - 1), token]))) logProbabilities[i, token] = -10_000;
        }
        var (values, indices) = logProbabilities.topk(Math.Min(width, (int)logProbabilities.shape[1]), 1);
        var scores = values.to(ScalarType.Float64).data<double>().ToArray();
        return (scores.Chunk(scores.Length / beams.Count).ToArray(), indices.data<long>().ToArray().Chunk(scores.Length / beams.Count).ToArray());
    }
}
