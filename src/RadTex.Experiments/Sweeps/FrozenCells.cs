using RadTex.Heads;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary>
/// The frozen half of a sweep: an encoder passes once over every radiograph that any task, number of labels or trial needs, a view each; all
/// heads, batches and controls then work on those features.
/// </summary>
/// <param name="data">The radiographs.</param>
/// <param name="initialisation">Whose heads.</param>
/// <param name="trials">Those that share an encoder.</param>
/// <param name="context">What the sweep's stages share.</param>
internal sealed class FrozenCells(SweepData data, SweepInitialisation initialisation, TrialRange trials, SweepContext context)
{
    /// <summary>Heads on an encoder's features, those of further batches, and negative controls; null where no task can be run.</summary>
    internal (IReadOnlyList<SweepRun> Runs, EncoderPass Pass)? Run(EncoderSource encoder)
    {
        var plans = Plans();
        if (plans.Length == 0) return null;
        var (features, pass) = FrozenFeatures.Extract(data, initialisation, encoder, plans, context);
        context.Log(pass.ToString());
        var runs = new List<SweepRun>();
        foreach (var plan in plans) runs.AddRange(Heads(features, plan));
        foreach (int batch in (initialisation.Batches ?? []).Where(b => b != initialisation.Recipe.BatchSize))
            foreach (var plan in plans)
                runs.AddRange(
                    Heads(features, plan with { Heads = [HeadKind.Paper], Recipe = plan.Recipe with { BatchSize = batch } }, isMain: false));
        if (initialisation.HasControls)
        {
            runs.AddRange(Control(NegativeControls.Shuffled, NegativeControls.OfShuffledLabels(features, plans)));
            runs.AddRange(Control(NegativeControls.ViewAsLabel, NegativeControls.OfViewAsLabel(features, plans)));
        }
        return (runs, pass);
    }

    /// <summary>Heads on the radiographs' view in place of features, on the draws that an encoder's heads have.</summary>
    internal IEnumerable<SweepRun> RunViewOnly() =>
        FrozenFeatures.OfViews(data) is { } features ? Plans().SelectMany(plan => Heads(features, plan)) : [];

    private TransferPlan[] Plans() => [.. data.Plans(context.PlanOf(data.Protocol, initialisation, trials) with { Heads = initialisation.Heads })];

    private IEnumerable<SweepRun> Control(string control, (FrozenFeatures Features, IEnumerable<TransferPlan> Plans) given) =>
        given.Plans.SelectMany(plan => Heads(given.Features, plan, control, isMain: false));

    /// <summary>The heads of a plan; those that its journal holds are not trained again.</summary>
    private IEnumerable<SweepRun> Heads(FrozenFeatures features, TransferPlan plan, string control = "", bool isMain = true)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        var identity = Identity(features, plan, control);
        var folder = context.CellFolder(data.Protocol, initialisation, ProvenanceKey.Of(ProvenanceKey.WithoutNames(identity)));
        Directory.CreateDirectory(folder);
        TransferResult result;
        using (var journal = TransferJournal.Open(Path.Combine(folder, TransferLayout.Journal), identity))
            result = TransferSweep.Run(features.Train, features.Test, plan, features.Views, journal, context.Progress, context.Cancellation);
        var tests = plan.Tasks.ToDictionary(task => task.Name, task => TestOf(features.Test, task));
        return result.Trials.Select(trial => SweepRows.Of(data, initialisation, trial, features.Sha256, plan.Recipe, identity, control) with
        {
            Test = control == NegativeControls.ViewAsLabel
                ? new(tests[trial.Task].Features.Radiographs, tests[trial.Task].Classes, 2)
                : data.Tests[trial.Task],
            Probabilities = trial.Weights!.Probabilities(tests[trial.Task].Features),
            IsMain = isMain,
        });
    }

    private TransferIdentity Identity(FrozenFeatures features, TransferPlan plan, string control)
    {
        var options = context.Options;
        return new(
            "frozen", features.Describe([.. features.Train.Radiographs.Select(r => r.Index)], options.Views > 0 ? options.ViewOf(0) : null),
            features.Describe(data.Test.Indices, null), plan.Seed, plan.Smallest ?? 0, options.Views, plan.Recipe,
            control.Length > 0 ? control : null);
    }

    private static (RadiographFeatures Features, int[] Classes) TestOf(RadiographFeatures test, TransferTask task)
    {
        var labelled = test.Pool.ToTest(task);
        return (test.Select(labelled.Rows), labelled.Classes);
    }
}
