using RadTex.Data;

namespace RadTex.Heads;

/// <summary>Radiographs that labels are drawn from, or that a test is made on.</summary>
/// <param name="Radiographs">One a row.</param>
/// <param name="LabelNames">In the order of <see cref="PreparedRadiograph.Labels"/>.</param>
public record LabelledPool(IReadOnlyList<PreparedRadiograph> Radiographs, IReadOnlyList<string> LabelNames)
{
    /// <summary>Those that a task can be learnt from.</summary>
    /// <exception cref="UserErrorException">No such label, or a value that is no class.</exception>
    internal LabelledRadiographs ToLearn(TransferTask task) => LabelledRadiographs.Of(this, task.Label, task.Against);

    /// <summary>Those that a task can be tested on.</summary>
    /// <exception cref="UserErrorException">No such label, or a value that is no class.</exception>
    internal LabelledRadiographs ToTest(TransferTask task) => LabelledRadiographs.Of(this, task.TestLabel ?? task.Label, task.Against);
}
