namespace RadTex.Text;

/// <summary>What a tokenizer makes of a set of captions. Lengths are in tokens before any cut, [CLS] and [SEP] included.</summary>
/// <param name="Captions">The number of captions.</param>
/// <param name="MeanTokens">Their mean length; 0 where there is none.</param>
/// <param name="MedianTokens">Half of the captions are at most this long (nearest rank).</param>
/// <param name="P95Tokens">95% of the captions are at most this long (nearest rank).</param>
/// <param name="MaxTokens">The longest.</param>
/// <param name="Limit">The tokenizer's limit.</param>
/// <param name="CutCaptions">How many are longer than the limit.</param>
/// <param name="UnknownTokens">How many tokens are [UNK].</param>
/// <param name="Tokens">How many tokens there are, [CLS] and [SEP] left out.</param>
public sealed record TokenStatistics(
    int Captions, double MeanTokens, int MedianTokens, int P95Tokens, int MaxTokens, int Limit, int CutCaptions, long UnknownTokens, long Tokens)
{
    /// <summary>The part of the captions that is cut, in [0, 1].</summary>
    public double CutRate => Captions == 0 ? 0 : (double)CutCaptions / Captions;

    /// <summary>The part of the tokens that is [UNK], in [0, 1].</summary>
    public double UnknownRate => Tokens == 0 ? 0 : (double)UnknownTokens / Tokens;

    /// <summary>Tokenizes the captions and counts.</summary>
    public static TokenStatistics Measure(ReportTokenizer tokenizer, IEnumerable<string> captions, CancellationToken cancellation = default)
    {
        var lengths = new List<int>();
        long unknown = 0;
        foreach (var caption in captions)
        {
            cancellation.ThrowIfCancellationRequested();
            var ids = tokenizer.EncodeWhole(caption);
            lengths.Add(ids.Length);
            unknown += ids.Count(id => id == tokenizer.Vocabulary.UnknownId);
        }
        if (lengths.Count == 0) return new TokenStatistics(0, 0, 0, 0, 0, tokenizer.MaxTokens, 0, 0, 0);
        lengths.Sort();
        long total = lengths.Sum(n => (long)n);
        return new TokenStatistics(
            lengths.Count, (double)total / lengths.Count, AtRank(0.5), AtRank(0.95), lengths[^1], tokenizer.MaxTokens,
            lengths.Count(n => n > tokenizer.MaxTokens), unknown, total - 2L * lengths.Count);

        int AtRank(double part) => lengths[(int)Math.Ceiling(part * lengths.Count) - 1];
    }

    /// <summary>The figures in one line, for logs and terminals.</summary>
    public override string ToString() =>
        $"{Captions:N0} captions: {MeanTokens:F1} tokens on average, median {MedianTokens}, 95% within {P95Tokens}, longest {MaxTokens}; "
        + $"{CutRate:P2} cut at {Limit}; {UnknownRate:P3} [UNK]";
}
