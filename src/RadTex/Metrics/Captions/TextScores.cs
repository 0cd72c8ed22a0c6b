namespace RadTex.Metrics.Captions;

/// <summary>What the text metrics say of a set of generated reports; METEOR of exact words and stems alone.</summary>
public sealed record TextScores(IReadOnlyList<double> Bleu, double? RougeL, double? CiderD, double? MeteorExactStem)
{
    public static TextScores Of(IReadOnlyList<TextPair> pairs) =>
        new(Captions.Bleu.Corpus(pairs), Captions.RougeL.Corpus(pairs), Captions.CiderD.Corpus(pairs), Meteor.Corpus(pairs));
}
