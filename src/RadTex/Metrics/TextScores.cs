namespace RadTex.Metrics;

/// <summary>What the text metrics say of a set of generated reports; METEOR of exact words and stems alone.</summary>
public sealed record TextScores(IReadOnlyList<double> Bleu, double? RougeL, double? CiderD, double? MeteorExactStem)
{
    public static TextScores Of(IReadOnlyList<TextPair> pairs) =>
        new(Metrics.Bleu.Corpus(pairs), Metrics.RougeL.Corpus(pairs), Metrics.CiderD.Corpus(pairs), Meteor.Corpus(pairs));
}
