using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>What labels are drawn from and what is tested on; both may be of one dataset.</summary>
/// <param name="Train">Labels are drawn from it.</param>
/// <param name="Test">Tested on.</param>
public sealed record TransferPools(DatasetPool Train, DatasetPool Test)
{
    /// <summary>The tasks of a plan with their radiographs, checked.</summary>
    /// <exception cref="UserErrorException">See <see cref="TaskData.Of"/>.</exception>
    internal TaskData[] Tasks(TransferPlan plan) => [.. plan.Tasks.Select(task => TaskData.Of(Train, Test, task, plan))];
}
