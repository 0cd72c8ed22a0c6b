namespace RadTex.Metrics.Captions;

/// <summary>What the text metrics say of a set of generated reports; METEOR of exact words and stems alone.</summary>
/// <param name="Bleu">BLEU-1 to BLEU-4, each in [0, 1] (<see cref="Captions.Bleu"/>).</param>
/// <param name="RougeL">ROUGE-L, in [0, 1]; null of no reports.</param>
/// <param name="CiderD">CIDEr-D, in [0, 10]; null of no reports.</param>
/// <param name="MeteorExactStem">METEOR of exact words and stems, in [0, 1]; null of no reports. Lower than METEOR 1.5's.</param>
public sealed record TextScores(IReadOnlyList<double> Bleu, double? RougeL, double? CiderD, double? MeteorExactStem)
{
    /// <summary>Scores generated reports, each against its references, in words.</summary>
    public static TextScores Of(IReadOnlyList<TextPair> pairs) =>
        new(Captions.Bleu.Corpus(pairs), Captions.RougeL.Corpus(pairs), Captions.CiderD.Corpus(pairs), Meteor.Corpus(pairs));
}
