using RadTex.Heads;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary>The rows of a sweep's table: those of classifiers, and those that say why there is none.</summary>
internal static class SweepRows
{
    /// <summary>The row of a trained classifier.</summary>
    /// <param name="data">What it was trained on.</param>
    /// <param name="initialisation">Where it started.</param>
    /// <param name="trial">Its figures.</param>
    /// <param name="encoder">SHA-256 of the encoder it started from.</param>
    /// <param name="recipe">How it was trained.</param>
    /// <param name="identity">What its journal's figures depend on.</param>
    /// <param name="control">The negative control it belongs to; empty for none.</param>
    internal static SweepRun Of(
        SweepData data, SweepInitialisation initialisation, TrialResult trial, string encoder, PaperRecipe recipe, TransferIdentity identity,
        string control)
    {
        var (protocol, head) = (data.Protocol, trial.Head.Name());
        bool logistic = trial.Head == HeadKind.Logistic;
        var how = logistic ? $"logistic, prior variance {trial.PriorVariance}" : $"{recipe.Name}, {recipe.Epochs} epochs, batch {recipe.BatchSize}";
        var named = ProvenanceKey.WithoutNames(identity);
        return new(
            protocol.Name, initialisation.Name, trial.Task, trial.Examples, trial.Count, trial.Trial, head, logistic ? 0 : recipe.BatchSize,
            trial.Scores, trial.Redraws, trial.Note ?? (trial.Scores.Auc is null ? "the test radiographs lack a class" : null), encoder, how, control,
            initialisation.Part,
            ProvenanceKey.Of(
                protocol.Name, protocol.Version, named.Mode, named.Train, named.Test, named.Seed, named.SmallestDraw, named.Views, recipe,
                named.Choice, trial.Task, trial.Examples, trial.Trial, head, encoder, control));
    }

    /// <summary>The rows of an initialisation that cannot be run at all.</summary>
    internal static IEnumerable<SweepRun> OfMissing(Protocol protocol, SweepInitialisation initialisation, SweepOptions options) =>
        from task in protocol.Tasks
        from n in initialisation.Examples ?? options.Examples
        select Absent(protocol, initialisation, task.Name, n, initialisation.Missing!);

    /// <summary>The rows of an initialisation's tasks and numbers of labels that the data do not allow.</summary>
    internal static IEnumerable<SweepRun> OfRefused(SweepData data, SweepInitialisation initialisation, SweepOptions options) =>
        from task in data.Protocol.Tasks
        from n in initialisation.Examples ?? options.Examples
        let reason = data.Refusal(task, n)
        where reason is not null
        select Absent(data.Protocol, initialisation, task.Name, n, reason);

    /// <summary>Rows as tables show them: in the order of initialisations and of numbers of labels as they were asked for.</summary>
    internal static SweepRun[] Ordered(IEnumerable<SweepRun> rows, IReadOnlyList<SweepInitialisation> initialisations, IEnumerable<int?> examples)
    {
        var names = initialisations.Select(i => i.Name).ToList();
        var sizes = examples.ToList();
        return [.. rows.OrderBy(r => names.IndexOf(r.Initialisation)).ThenBy(r => r.Control, StringComparer.Ordinal)
            .ThenBy(r => r.Head, StringComparer.Ordinal).ThenBy(r => r.Batch)
            .ThenBy(r => sizes.IndexOf(r.Examples)).ThenBy(r => r.Task, StringComparer.Ordinal).ThenBy(r => r.Trial)];
    }

    private static SweepRun Absent(Protocol protocol, SweepInitialisation initialisation, string task, int? examples, string reason) => new(
        protocol.Name, initialisation.Name, task, examples, 0, 0, initialisation.MainHead.Name(),
        initialisation.MainHead == HeadKind.Logistic ? 0 : initialisation.Recipe.BatchSize, new(null, null, null, null), 0, reason, "",
        initialisation.Recipe.Name, "", initialisation.Part, ProvenanceKey.Of(protocol.Name, initialisation.Name, task, examples, reason));
}
