using RadTex.Learning.Transfer;

namespace RadTex.Experiments;

/// <summary>How a classifier that starts from one initialisation does.</summary>
/// <param name="Name">Such as "RadTex, frozen, logistic head".</param>
/// <param name="Description">How it was trained, in a sentence.</param>
/// <param name="Cells">Each finding, number of labels and their mean over findings, over the draws.</param>
public sealed record InitialisationResult(string Name, string Description, IReadOnlyList<TransferCell> Cells)
{
    /// <summary>The cell of the mean over findings; null where it was not run at that number of labels.</summary>
    public TransferCell? Mean(int? examples) => Cells.FirstOrDefault(c => c.Task == TransferResult.MeanOverTasks && c.Examples == examples);
}
