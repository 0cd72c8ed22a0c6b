using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>One head, or one fine-tuned network, of one draw, tested.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Examples">N as asked for; null for all.</param>
/// <param name="Trial">From 0.</param>
/// <param name="Head">How it was trained.</param>
/// <param name="Count">N as it was.</param>
/// <param name="ClassCounts">Examples of each class among the N.</param>
/// <param name="Redraws">Draws of this trial thrown away because the smallest N showed one class only.</param>
/// <param name="PriorVariance">The logistic head's strength; null for others.</param>
/// <param name="Note">What a reader must know, such as a strength that could not be cross-validated; null for nothing.</param>
/// <param name="Scores">On the test radiographs.</param>
/// <param name="Weights">The head on a frozen encoder; null for a fine-tuned network.</param>
/// <param name="FineTuned">The fine-tuned network; null for a head.</param>
/// <param name="Threshold">From which probability a logistic head calls a radiograph positive; null where its labels fix none, and for
/// others.</param>
public sealed record TrialResult(
    string Task, int? Examples, int Trial, HeadKind Head, int Count, IReadOnlyList<int> ClassCounts, int Redraws, double? PriorVariance, string? Note,
    TransferScores Scores, LinearHead? Weights, FineTunedTrial? FineTuned = null, HeadThreshold? Threshold = null)
{
    internal (string, int?, int, HeadKind, string?) Key => (Task, Examples, Trial, Head, FineTuned?.InitialSha256);
}
