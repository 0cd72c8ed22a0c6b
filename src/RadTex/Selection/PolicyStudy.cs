using RadTex.Metrics.Intervals;

namespace RadTex.Selection;

/// <summary>Policies compared on known labels: each replayed on every case with the same seeds, and held against random, pair by pair.</summary>
public static class PolicyStudy
{
    /// <summary>The case of rows that are over all cases together.</summary>
    public const string AllCases = "(all)";

    /// <summary>The name of the policy that the others are held against: <see cref="RandomPolicy"/>.</summary>
    public const string Random = "random";

    /// <summary>A finished replay of a case.</summary>
    /// <param name="Case">The name of the case, such as "Edema".</param>
    /// <param name="Result">What the replay of one policy and seed came to.</param>
    public sealed record Finished(string Case, ReplayResult Result);

    /// <summary>Replays whatever is not finished yet.</summary>
    /// <param name="plan">Cases, policies, seeds and sizes.</param>
    /// <param name="finished">What an earlier run came to; not run again.</param>
    /// <param name="keep">Told of each replay as it ends, one at a time.</param>
    /// <param name="progress">Counts replays.</param>
    /// <param name="cancellation">Stops between labels.</param>
    /// <returns>All replays, in the order of cases, policies and seeds.</returns>
    /// <exception cref="UserErrorException">The random policy is not among those compared.</exception>
    public static IReadOnlyList<Finished> Run(
        PolicyStudyPlan plan, IReadOnlyList<Finished> finished, Action<Finished> keep, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        if (plan.Policies.All(p => p.Name != Random))
            throw new UserErrorException($"Policies are compared with '{Random}', which is not among them. Add it.");
        var known = finished.ToDictionary(f => (f.Case, f.Result.Policy, f.Result.Seed), f => f.Result);
        (PolicyCase Case, ISelectionPolicy Policy, ulong Seed)[] all =
        [
            .. from of in plan.Cases
               from policy in plan.Policies
               from seed in Enumerable.Range(0, plan.Seeds)
               select (of, policy, (ulong)seed),
        ];
        var results = new Finished[all.Length];
        int done = 0;
        var gate = new Lock();
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, all.Length, options, i =>
        {
            var (of, policy, seed) = all[i];
            bool isKnown = known.TryGetValue((of.Name, policy.Name, seed), out var result);
            results[i] = new(of.Name, isKnown ? result! : of.Replay.Run(policy, new(plan.Sizes, seed), cancellation));
            lock (gate)
            {
                if (!isKnown) keep(results[i]);
                progress?.Report(new("replaying", ++done, all.Length, "replays"));
            }
        });
        return results;
    }

    /// <summary>Each policy on each case and over all of them.</summary>
    public static IReadOnlyList<PolicyRow> Rows(IReadOnlyList<Finished> finished)
    {
        string[] cases = [.. finished.Select(f => f.Case).Distinct()], policies = [.. finished.Select(f => f.Result.Policy).Distinct()];
        var areas = finished.GroupBy(f => (f.Case, f.Result.Policy))
            .ToDictionary(g => g.Key, g => g.OrderBy(f => f.Result.Seed).Select(f => f.Result.AreaUnderCurve).ToArray());
        var rows = new List<PolicyRow>();
        foreach (var of in cases)
            rows.AddRange(
                Corrected(of, policies, policy => (areas[(of, policy)].Average(), areas[(of, policy)].Zip(areas[(of, Random)], (a, b) => a - b))));
        if (cases.Length > 1)
            rows.AddRange(Corrected(AllCases, policies, policy => (
                cases.Average(of => areas[(of, policy)].Average()),
                cases.Select(of => areas[(of, policy)].Average() - areas[(of, Random)].Average()))));
        return rows;
    }

    /// <summary>
    /// The policy to use where nothing else is known: the one of the largest mean gain over all cases, if that gain is declared and no case declares
    /// a loss; else random. One case alone decides nothing.
    /// </summary>
    public static string Default(IReadOnlyList<PolicyRow> rows) => rows
        .Where(r => r is { Case: AllCases, IsDeclared: true, Gain.Difference.Estimate: > 0 })
        .Where(r => !rows.Any(of => of.Policy == r.Policy && of is { IsDeclared: true, Gain.Difference.Estimate: < 0 }))
        .MaxBy(r => r.Gain!.Value.Difference.Estimate)?.Policy ?? Random;

    private static IEnumerable<PolicyRow> Corrected(
        string of, string[] policies, Func<string, (double Area, IEnumerable<double> Differences)> figures)
    {
        var found = policies.Select(policy =>
        {
            var (area, differences) = figures(policy);
            double[] pairs = [.. differences];
            return (
                policy, area,
                Gain: policy == Random || pairs.Length < TrialMean.FewestTrials ? (PairedComparison?)null : TrialMean.Compare(pairs, 0));
        }).ToArray();
        var corrected = MultipleComparisons.Holm([.. found.Select(f => f.Gain?.PValue)]);
        return found.Zip(corrected, (f, p) => new PolicyRow(f.policy, of, f.area, f.Gain, p));
    }
}
