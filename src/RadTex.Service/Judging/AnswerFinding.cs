namespace RadTex.Service.Judging;

/// <summary>What is said of one finding.</summary>
/// <param name="Label">Which.</param>
/// <param name="Outcome">What the probability is of: "positive", or a class of grades.</param>
/// <param name="Probability">The model's own number, to the bit.</param>
/// <param name="Threshold">From which probability it is called positive; null where the head has no operating point.</param>
/// <param name="Decision">"positive" or "negative"; null where the head has no operating point.</param>
public sealed record AnswerFinding(string Label, string Outcome, float Probability, double? Threshold, string? Decision);
