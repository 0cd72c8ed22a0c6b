namespace RadTex.Experiments.Sweeps;

/// <summary>The fine-tuned half of a sweep: a job a number of labels, the networks of all its tasks and trials in it.</summary>
internal static class FineTunedCells
{
    /// <summary>The jobs of an initialisation.</summary>
    /// <param name="data">One, or a fold each: trial i is of the i-th, from the first again when they end.</param>
    /// <param name="initialisation">What is fine-tuned.</param>
    /// <param name="context">What the sweep's stages share.</param>
    internal static IEnumerable<FineTuningJob> Jobs(IReadOnlyList<SweepData> data, SweepInitialisation initialisation, SweepContext context)
    {
        int trials = initialisation.Trials ?? context.Options.Trials;
        if (data.Count == 1) return Jobs(data[0], null, initialisation, new(0, trials), context);
        if (initialisation.Candidates is { } candidates)
            context.Log(
                $"{initialisation.Name}: folds have no validation data to choose among {candidates.Count} recipes on: "
                    + $"{initialisation.Recipe.Name} is run");
        var fixedRecipe = initialisation with { Candidates = null };
        return Enumerable.Range(0, trials)
            .SelectMany(trial => Jobs(data[trial % data.Count], trial % data.Count, fixedRecipe, new(trial, 1), context));
    }

    private static IEnumerable<FineTuningJob> Jobs(
        SweepData data, int? fold, SweepInitialisation initialisation, TrialRange trials, SweepContext context)
    {
        var whole = context.PlanOf(data.Protocol, initialisation, trials) with { Workers = context.Options.Compute.Workers };
        return from plan in data.Plans(whole)
               from n in plan.Examples
               select new FineTuningJob(data, fold, initialisation, plan with { Examples = [n] }, context);
    }
}
