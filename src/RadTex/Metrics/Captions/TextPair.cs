namespace RadTex.Metrics.Captions;

/// <summary>A generated text and what it is compared with, both as words.</summary>
/// <param name="Candidate">The generated text's words; may be empty.</param>
/// <param name="References">At least one reference text's words.</param>
public sealed record TextPair(IReadOnlyList<string> Candidate, IReadOnlyList<IReadOnlyList<string>> References)
{
    /// <summary>A pair with the one reference a radiograph's report is.</summary>
    public TextPair(IReadOnlyList<string> candidate, IReadOnlyList<string> reference) : this(candidate, [reference]) { }
}
