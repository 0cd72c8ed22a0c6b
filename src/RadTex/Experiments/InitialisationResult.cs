using RadTex.Transfer;

namespace RadTex.Experiments;

/// <summary>How a classifier that starts from one initialisation does.</summary>
/// <param name="Name">Such as "RadTex, frozen, logistic head".</param>
/// <param name="Description">How it was trained, in a sentence.</param>
/// <param name="Cells">Each finding, number of labels and their mean over findings, over the draws.</param>
public sealed record InitialisationResult(string Name, string Description, IReadOnlyList<TransferCell> Cells);
