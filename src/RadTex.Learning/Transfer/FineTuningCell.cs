namespace RadTex.Learning.Transfer;

/// <summary>A task at a number of examples: a network a trial.</summary>
/// <param name="Task">The task's place in the plan.</param>
/// <param name="Data">The task with its radiographs.</param>
/// <param name="Examples">N as asked for; null for all.</param>
internal sealed record FineTuningCell(int Task, TaskData Data, int? Examples)
{
    /// <summary>N as it is.</summary>
    internal int Count => Examples ?? Data.Train.Rows.Length;

    internal string Name => Data.Task.Name;

    internal (string Task, int? Examples) Key => (Name, Examples);
}
