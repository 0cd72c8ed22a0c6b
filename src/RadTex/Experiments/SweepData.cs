using RadTex.Data;
using RadTex.Studies;
using RadTex.Transfer;

namespace RadTex.Experiments;

/// <summary>The radiographs of a protocol's sweep, and which of its tasks can be run at which numbers of labels.</summary>
internal sealed class SweepData
{
    internal SweepData(Protocol protocol, PreparedDataset dataset, SweepOptions options, int fold = -1)
    {
        (Protocol, Dataset) = (protocol, dataset);
        if (protocol.Folds > 1)
        {
            // Folds of all radiographs that have the label, whatever their split: for a set as small as the consensus one.
            int column = dataset.LabelIndex(protocol.Labels[0]);
            PreparedRadiograph[] labelled = [.. dataset.Radiographs.Where(r => r.Labels[column] is >= 0)];
            int Fold(PreparedRadiograph r) => (int)(PatientSplits.Place($"fold {options.Seed}", r.PatientId) * protocol.Folds);
            (Train, Test) = ([.. labelled.Where(r => Fold(r) != fold)], [.. labelled.Where(r => Fold(r) == fold)]);
        }
        else (Train, Test) = (FrozenTransfer.Pool(dataset, Split.Train), FrozenTransfer.Pool(dataset, Split.Test));
        foreach (var task in protocol.Tasks) Add(task, options);
    }

    internal Protocol Protocol { get; }

    internal PreparedDataset Dataset { get; }

    internal PreparedRadiograph[] Train { get; }

    internal PreparedRadiograph[] Test { get; }

    /// <summary>Each task's test radiographs.</summary>
    internal Dictionary<string, SweepTest> Tests { get; } = [];

    /// <summary>Why a task cannot be run at a number of labels.</summary>
    internal Dictionary<(string Task, int? Examples), string> Refusals { get; } = [];

    /// <summary>A plan for each set of tasks that can be run at the same numbers of labels.</summary>
    internal IEnumerable<TransferPlan> Plans(TransferPlan plan) =>
        plan.Tasks.GroupBy(t => string.Join(',', plan.Examples.Where(n => !Refusals.ContainsKey((t.Name, n))).Select(TransferFiles.Name)))
            .Where(g => g.Key.Length > 0)
            .Select(g => plan with { Tasks = [.. g], Examples = [.. plan.Examples.Where(n => !Refusals.ContainsKey((g.First().Name, n)))] });

    private void Add(TransferTask task, SweepOptions options)
    {
        var train = LabelledRadiographs.Of(Train, Dataset.LabelNames, task.Label, task.Against);
        var test = LabelledRadiographs.Of(Test, Dataset.LabelNames, task.TestLabel ?? task.Label, task.Against);
        Tests[task.Name] = new([.. test.Rows.Select(r => Test[r])], test.Classes, Math.Max(train.ClassCount, test.ClassCount));
        string? never = train.Classes.Distinct().Count() < 2 ? "the labelled training radiographs show fewer than two classes"
            : test.Classes.Length == 0 ? "no labelled test radiograph" : null;
        foreach (int? n in options.Examples)
            if (never is not null) Refusals[(task.Name, n)] = never;
            else if (n > train.Rows.Length) Refusals[(task.Name, n)] = $"{train.Rows.Length:N0} labelled training radiographs, fewer than {n:N0}";
    }
}
