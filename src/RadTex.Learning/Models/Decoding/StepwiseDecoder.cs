using static TorchSharp.torch;

namespace RadTex.Learning.Models.Decoding;

/// <summary>Many captions one token at a time, and which tokens may not come: what every way of decoding stands on.</summary>
internal sealed class StepwiseDecoder : IDisposable
{
    // VirTex's score of a token that may not come: far below any other, yet finite, so that a beam always has continuations.
    private const double Forbidden = -10_000;

    private readonly ICaptionSteps steps;
    private readonly IDisposable noGradients = no_grad();
    private readonly bool forgetsStart;
    private readonly int start;

    /// <param name="captioner">In evaluation mode.</param>
    /// <param name="features">Visual features [B, F, h, w]; each image starts as one row.</param>
    /// <param name="rowsPerImage">Most rows an image will have.</param>
    /// <param name="maxSteps">Most tokens generated.</param>
    /// <param name="forgetsStart">Whether the start token is fed at the first step alone.</param>
    internal StepwiseDecoder(ICaptioner captioner, Tensor features, int rowsPerImage, int maxSteps, bool forgetsStart = false)
    {
        (this.forgetsStart, start) = (forgetsStart, captioner.Configuration.StartToken);
        Longest = Math.Min(maxSteps, captioner.Configuration.MaxTokens);
        steps = captioner.Begin(features, rowsPerImage, Longest);
    }

    /// <summary>Most tokens generated.</summary>
    internal int Longest { get; }

    /// <summary>
    /// Log-probabilities [R, V] of each caption's next token; the last token again and runs of <paramref name="blockedRun"/> that came before are
    /// forbidden.
    /// </summary>
    /// <param name="captions">The captions of the rows, all of the same length.</param>
    /// <param name="blockedRun">See <see cref="BeamSearch"/>; 0 blocks none.</param>
    internal Tensor Next(IReadOnlyList<Caption> captions, int blockedRun = 0)
    {
        using var stepScope = NewDisposeScope();
        int length = captions[0].Tokens.Count;
        if (forgetsStart && length == 1) steps.Forget();
        var logProbabilities = steps.Next([.. captions.Select(c => length == 0 ? start : c.Tokens[^1])]); // [R, V]
        if (length > 0) Forbid(logProbabilities, captions, blockedRun);
        return logProbabilities.MoveToOuterDisposeScope();
    }

    /// <summary>Row i goes on from row <c>parents[i]</c>; see <see cref="ICaptionSteps.Keep"/>.</summary>
    internal void Keep(IReadOnlyList<int> parents) => steps.Keep(parents);

    public void Dispose()
    {
        steps.Dispose();
        noGradients.Dispose();
    }

    private static void Forbid(Tensor logProbabilities, IReadOnlyList<Caption> captions, int blockedRun)
    {
        var cells = captions.SelectMany((caption, row) =>
            (blockedRun > 0 ? caption.Repeating(blockedRun) : []).Append(caption.Tokens[^1]).Select(token => row * logProbabilities.shape[1] + token))
                .ToArray();
        logProbabilities.view(-1).index_fill_(0, tensor(cells, device: logProbabilities.device), Scalars.Of(Forbidden));
    }
}
