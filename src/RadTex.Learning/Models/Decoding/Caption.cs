namespace RadTex.Learning.Models.Decoding;

/// <summary>A generated caption.</summary>
/// <param name="Tokens">Its tokens without the start token; the end token stands last where the caption reached it.</param>
/// <param name="TokenLogProbabilities">Each token's log-probability in nats, given the radiograph and the tokens before it.</param>
/// <param name="LogProbability">The sum of them.</param>
public sealed record Caption(IReadOnlyList<int> Tokens, IReadOnlyList<double> TokenLogProbabilities, double LogProbability)
{
    internal static Caption Empty { get; } = new([], [], 0);

    internal Caption With(int token, double logProbability) =>
        new([.. Tokens, token], [.. TokenLogProbabilities, logProbability], LogProbability + logProbability);

    /// <summary>Whether the end token was reached.</summary>
    internal bool EndsWith(int end) => Tokens.Count > 0 && Tokens[^1] == end;

    /// <summary>Tokens that would complete a run of <paramref name="length"/> tokens that the caption already holds.</summary>
    internal IEnumerable<int> Repeating(int length)
    {
        int context = length - 1;
        for (int start = 0; start + length <= Tokens.Count; start++)
        {
            bool same = true;
            for (int i = 0; same && i < context; i++) same = Tokens[start + i] == Tokens[Tokens.Count - context + i];
            if (same) yield return Tokens[start + context];
        }
    }
}
