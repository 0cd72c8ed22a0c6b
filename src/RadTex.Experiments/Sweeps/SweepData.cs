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
            int Fold(PreparedRadiograph r) => (int)(PatientSplits.Place($"fold {options.Seed}", r.PatientId) * protocol.Folds);
            (Train, Test) = ([.. graded.Where(r => Fold(r) != fold)], [.. graded.Where(r => Fold(r) == fold)]);
        }
        else (Train, Test) = (FrozenTransfer.Pool(dataset, Split.Train), FrozenTransfer.Pool(dataset, Split.Test));
        foreach (var task in protocol.Tasks)
        {
            var (train, test) = labelled[task.Name] = Labelled(Train, Test, dataset.LabelNames, task);
            Tests[task.Name] = new([.. test.Rows.Select(r => Test[r])], test.Classes, Math.Max(train.ClassCount, test.ClassCount));
        }
    }

    internal Protocol Protocol { get; }

    internal PreparedDataset Dataset { get; }

    internal PreparedRadiograph[] Train { get; }

    internal PreparedRadiograph[] Test { get; }

    /// <summary>Each task's test radiographs.</summary>
    internal Dictionary<string, SweepTest> Tests { get; } = [];

    /// <summary>Why a task cannot be run at a number of labels; null where it can.</summary>
    internal string? Refusal(TransferTask task, int? examples) => Refusal(labelled[task.Name].Train, labelled[task.Name].Test, examples);

    /// <summary>A plan for each set of tasks that can be run at the same numbers of labels.</summary>
    internal IEnumerable<TransferPlan> Plans(TransferPlan plan) => Plans(plan, Refusal);

    /// <summary>The same for other labels of some radiographs, such as those of a negative control.</summary>
    internal static IEnumerable<TransferPlan> Plans(TransferPlan plan, RadiographFeatures train, RadiographFeatures test) => Plans(plan, (task, n) =>
    {
        var (drawn, tested) = Labelled(train.Radiographs, test.Radiographs, train.LabelNames, task);
        return Refusal(drawn, tested, n);
    });

    private static IEnumerable<TransferPlan> Plans(TransferPlan plan, Func<TransferTask, int?, string?> refusal) =>
        plan.Tasks.Select(task => (Task: task, Examples: plan.Examples.Where(n => refusal(task, n) is null).ToArray()))
            .GroupBy(t => string.Join(',', t.Examples.Select(TransferFiles.Name))).Where(g => g.Key.Length > 0)
            .Select(g => plan with { Tasks = [.. g.Select(t => t.Task)], Examples = g.First().Examples });

    private static (LabelledRadiographs Train, LabelledRadiographs Test) Labelled(
        IReadOnlyList<PreparedRadiograph> train, IReadOnlyList<PreparedRadiograph> test, IReadOnlyList<string> names, TransferTask task) =>
        (
            LabelledRadiographs.Of(train, names, task.Label, task.Against),
            LabelledRadiographs.Of(test, names, task.TestLabel ?? task.Label, task.Against));

    private static string? Refusal(LabelledRadiographs train, LabelledRadiographs test, int? examples) =>
        train.Classes.Distinct().Count() < 2 ? "the labelled training radiographs show fewer than two classes"
        : test.Classes.Length == 0 ? "no labelled test radiograph"
        : examples > train.Rows.Length ? $"{train.Rows.Length:N0} labelled training radiographs, fewer than {examples:N0}"
        : null;
}
