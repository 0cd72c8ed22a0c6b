using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Learning.Transfer;
using RadTex.Studies;

namespace RadTex.Experiments.Sweeps;

/// <summary>The radiographs of a protocol's sweep, and which of its tasks can be run at which numbers of labels.</summary>
internal sealed class SweepData
{
    private readonly Dictionary<string, (LabelledRadiographs Train, LabelledRadiographs Test)> labelled = [];

    internal SweepData(Protocol protocol, PreparedDataset dataset, SweepOptions options, int fold = -1)
    {
        (Protocol, Dataset) = (protocol, dataset);
        if (protocol.Folds > 1)
        {
            // Folds of all radiographs that have the label, whatever their split: for a set as small as the consensus one.
            int column = dataset.LabelIndex(protocol.Labels[0]);
            PreparedRadiograph[] graded = [.. dataset.Radiographs.Where(r => r.Labels[column] is >= 0)];
            int Fold(PreparedRadiograph r) => (int)(PatientSplits.UnitHash($"fold {options.Seed}", r.PatientId) * protocol.Folds);
            Pools = new(new(dataset, [.. graded.Where(r => Fold(r) != fold)]), new(dataset, [.. graded.Where(r => Fold(r) == fold)]));
        }
        else Pools = new(DatasetPool.Of(dataset, Split.Train), DatasetPool.Of(dataset, Split.Test));
        foreach (var task in protocol.Tasks)
        {
            var (train, test) = labelled[task.Name] = (Train.ToLearn(task), Test.ToTest(task));
            Tests[task.Name] = new([.. test.Rows.Select(r => Test.Radiographs[r])], test.Classes, Math.Max(train.ClassCount, test.ClassCount));
        }
    }

    internal Protocol Protocol { get; }

    internal PreparedDataset Dataset { get; }

    /// <summary>What labels are drawn from and what is tested on.</summary>
    internal TransferPools Pools { get; }

    internal DatasetPool Train => Pools.Train;

    internal DatasetPool Test => Pools.Test;

    /// <summary>Each task's test radiographs.</summary>
    internal Dictionary<string, SweepTest> Tests { get; } = [];

    /// <summary>A task's test radiographs with their classes, views and patients.</summary>
    internal LabelledRadiographs TestOf(TransferTask task) => labelled[task.Name].Test;

    /// <summary>Why a task cannot be run at a number of labels; null where it can.</summary>
    internal string? Refusal(TransferTask task, int? examples) => Refusal(labelled[task.Name].Train, labelled[task.Name].Test, examples);

    /// <summary>A plan for each set of tasks that can be run at the same numbers of labels.</summary>
    internal IEnumerable<TransferPlan> Plans(TransferPlan plan) => Plans(plan, Refusal);

    /// <summary>The same for other labels of some radiographs, such as those of a negative control.</summary>
    internal static IEnumerable<TransferPlan> Plans(TransferPlan plan, LabelledPool train, LabelledPool test) =>
        Plans(plan, (task, n) => Refusal(train.ToLearn(task), test.ToTest(task), n));

    private static IEnumerable<TransferPlan> Plans(TransferPlan plan, Func<TransferTask, int?, string?> refusal) =>
        plan.Tasks.Select(task => (Task: task, Examples: plan.Examples.Where(n => refusal(task, n) is null).ToArray()))
            .GroupBy(t => string.Join(',', t.Examples.Select(TransferFiles.Name))).Where(g => g.Key.Length > 0)
            .Select(g => plan with { Tasks = [.. g.Select(t => t.Task)], Examples = g.First().Examples });

    private static string? Refusal(LabelledRadiographs train, LabelledRadiographs test, int? examples) =>
        train.Classes.Distinct().Count() < 2 ? "the labelled training radiographs show fewer than two classes"
        : test.Classes.Length == 0 ? "no labelled test radiograph"
        : examples > train.Rows.Length ? $"{train.Rows.Length:N0} labelled training radiographs, fewer than {examples:N0}"
        : null;
}
