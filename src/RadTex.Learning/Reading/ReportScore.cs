using RadTex.Metrics.Captions;
using RadTex.Metrics.Intervals;
using RadTex.Text;

namespace RadTex.Learning.Reading;

/// <summary>What one source's reports are worth against the true ones.</summary>
/// <param name="Source">Where the reports come from.</param>
/// <param name="Full">Text metrics on whole references, as BERT's words.</param>
/// <param name="R2Gen">Text metrics in R2Gen's form (see <see cref="R2GenText"/>).</param>
/// <param name="Findings">Agreement over CheXpert's fourteen, by our labeller; uncertain and blank are not positive.</param>
/// <param name="MacroF1OfPresent">Macro F1 over those of the fourteen that a true report states at least once: the others are 0 for every
/// source.</param>
/// <param name="Ahead">How far the model's <paramref name="MacroF1OfPresent"/> is ahead of this source's, with its interval over patients; null for
/// the model itself.</param>
public sealed record ReportScore(
    string Source, TextScores Full, TextScores R2Gen, FindingAgreement Findings, double MacroF1OfPresent, PairedComparison? Ahead);
