using RadTex.Data;
using RadTex.Heads;

namespace RadTex.Experiments.Sweeps;

/// <summary>What a task is tested on.</summary>
/// <param name="Radiographs">Those that have a definite label.</param>
/// <param name="Classes">Their classes.</param>
/// <param name="ClassCount">C.</param>
public sealed record SweepTest(IReadOnlyList<PreparedRadiograph> Radiographs, int[] Classes, int ClassCount)
{
    internal static SweepTest Of(IReadOnlyList<PreparedRadiograph> pool, IReadOnlyList<string> names, TransferTask task, int classCount)
    {
        var labels = LabelledRadiographs.Of(pool, names, task.TestLabel ?? task.Label, task.Against);
        return new([.. labels.Rows.Select(r => pool[r])], labels.Classes, classCount);
    }
}
