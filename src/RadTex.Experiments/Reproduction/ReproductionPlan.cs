using System.Globalization;
using RadTex.Experiments.Sweeps;
using RadTex.Metrics.Intervals;

namespace RadTex.Experiments.Reproduction;

/// <summary>
/// What a configuration is about to do, before anything is drawn or trained: for each claim its comparisons and the gap they can declare, and the
/// time estimated from measured rates.
/// </summary>
/// <param name="Name">The configuration's name.</param>
/// <param name="Families">A claim and protocol each.</param>
/// <param name="Costs">A kind of work each.</param>
/// <param name="DescribeOnly">Whether the plan makes no claims.</param>
public sealed record ReproductionPlan(
    string Name, IReadOnlyList<PlannedFamily> Families, IReadOnlyList<PlannedCost> Costs, bool DescribeOnly)
{
    private const double FairChance = 0.5, Power = 0.8, LargestGap = 0.3, WidestGap = 0.5;

    private const int MostTrials = 100;

    /// <summary>All of it.</summary>
    public double Seconds => Costs.Sum(c => c.Seconds);

    /// <summary>Why it cannot decide; empty where it can, or makes no claims.</summary>
    public IReadOnlyList<string> Refusals => DescribeOnly ? [] : [.. Families.Select(f => f.Refusal).OfType<string>()];

    /// <summary>The plan of a configuration.</summary>
    /// <exception cref="UserErrorException">A setting is no such value.</exception>
    public static ReproductionPlan Of(ReproductionConfiguration configuration, ReproductionParts parts = ReproductionParts.All)
    {
        foreach (var (part, role) in new[] { (ReproductionParts.Objectives, RowRole.Objective), (ReproductionParts.Encoders, RowRole.Encoder) })
            if (parts == part && configuration.Initialisations.All(i => i.Role != role))
                throw new UserErrorException(
                    $"{configuration.Name} compares no {SettingFaults.Name(role)}s. Expected initialisations of role '{SettingFaults.Name(role)}'.");
        return new(configuration.Name, FamiliesOf(configuration, parts), PlanCosts.Of(configuration), configuration.Statistics.DescribeOnly);
    }

    /// <summary>The families alone.</summary>
    internal static IReadOnlyList<PlannedFamily> FamiliesOf(ReproductionConfiguration configuration, ReproductionParts parts = ReproductionParts.All)
    {
        var families = new List<PlannedFamily>();
        foreach (var (name, settings) in configuration.Protocols)
        {
            bool isGraded = settings.Protocol is { } known && Protocol.Find(known).IsGraded;
            if (isGraded && !parts.HasFlag(ReproductionParts.Figure2)) continue;
            foreach (var family in ClaimFamilies.Of(configuration, name, isGraded)) families.Add(Of(family, configuration.Statistics,
                settings.Assumed ?? configuration.Statistics.Assumed));
        }
        return families;
    }

    /// <summary>Refuses a plan that cannot decide what it claims to.</summary>
    /// <exception cref="UserErrorException">It cannot; the message says what would.</exception>
    public void RequireDecides()
    {
        if (Refusals is { Count: > 0 } refusals)
            throw new UserErrorException(
                $"The plan cannot decide what it would claim: {string.Join("; ", refusals)}. Change these settings, or set "
                    + "statistics.describe_only to true for figures without claims.");
    }

    /// <summary>The plan in lines: a table of the claims, what cannot be said, and a table of the cost.</summary>
    /// <param name="width">The widest line of a table.</param>
    public IEnumerable<string> Lines(int width = TerminalTable.UsualWidth)
    {
        yield return $"{Name}: the plan, before anything is drawn or trained.";
        if (DescribeOnly) yield return "It makes no claims (statistics.describe_only): every verdict will be \"cannot be said\".";
        yield return "";
        var decided = Families.Where(f => f.LeastPValue is not null).ToList();
        if (decided.Count > 0)
        {
            string[][] rows = [.. decided.Select(f => new[]
            {
                $"{f.Claim}, {f.Protocol}", $"{f.Comparisons}", $"{f.Trials}", Plain($"{f.Resamples:N0}"),
                Plain($"{(f.Claim == "D" ? f.Assumed.TrialDeviationAtAll : f.Assumed.TrialDeviation)}"), Plain($"{f.Assumed.PatientDeviation}"),
                Plain($"{f.LeastPValue:0.0e+0}"), f.SmallestGap is { } gap ? Plain($"{gap:F3}") : "none",
            })];
            foreach (var line in TerminalTable.Lines(
                ["claim", "comparisons", "trials", "resamples", "scatter: trials", "patients", "least p", $"gap at power {Plain($"{Power}")}"], rows,
                1, width)) yield return line;
            yield return "";
            yield return "Scatter: the standard deviations assumed of a trial's difference and of the test patients. Least p: of a gap "
                + "of 0.5, corrected for the comparisons. Gap: the smallest that is declared with that power"
                + (decided.Any(f => f.Claim == "D") ? "; of D the margin shown for two that are alike." : ".");
        }
        foreach (var f in Families.Where(f => f.Missing is not null))
            yield return $"Cannot be said: {f.Claim}, {f.Protocol}{(f.LeastPValue is null ? ", not run: " : " of ")}{f.Missing}";
        if (!DescribeOnly)
            foreach (var refusal in Families.Select(f => f.Refusal).OfType<string>()) yield return $"Cannot decide: {refusal}";
        yield return "";
        yield return $"Cost: about {Time(Seconds)} by measured rates:";
        foreach (var line in TerminalTable.Lines(
            ["work", "how many", "a second", "time"],
            [.. Costs.Select(c => new[] { c.Work, Count(c.Count), Count(c.PerSecond), Time(c.Seconds) })], 1, width)) yield return line;
        foreach (var measured in Costs.GroupBy(c => c.Measured))
            yield return "Measured: "
                + $"{(Costs.All(c => c.Measured == measured.Key) ? "" : $"{string.Join("; ", measured.Select(c => c.Work))}: ")}{measured.Key}.";

        static string Plain(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        static string Count(double count) => count >= 1e9 ? Plain($"{count / 1e9:N1} billion") : count >= 1e7 ? Plain($"{count / 1e6:N0} million")
            : count >= 100 ? Plain($"{count:N0}") : Plain($"{count:0.#}");
    }

    private static string Time(double seconds) => seconds switch
    {
        < 60 => "under 1 min",
        < 120 * 60 => FormattableString.Invariant($"{seconds / 60:N0} min"),
        < 48 * 3600 => FormattableString.Invariant($"{seconds / 3600:N1} h"),
        _ => FormattableString.Invariant($"{seconds / 86_400:N0} days"),
    };

    private static PlannedFamily Of(ClaimFamily family, StatisticsSettings statistics, AssumedScatter assumed)
    {
        int m = family.Comparisons.Count;
        var planned = new PlannedFamily(family.Claim, family.Protocol, m, family.Trials, statistics.Resamples, assumed, null, null, family.Missing,
            null);
        if (m == 0) return planned;
        if (!statistics.Makes(family.Claim)) return planned with { Missing = "all of it: the plan does not make this claim" };
        if (family.Claim == "D") return Alike(planned, family, assumed, statistics.Margin);
        var few = family.Comparisons.MinBy(c => c.Trials)!;
        var (least, gap) = Decides(family, assumed, Math.Max(2, family.Trials));
        planned = planned with { LeastPValue = least, SmallestGap = gap };
        if (family.Trials < TrialMean.FewestTrialsForClaim)
            return planned with
            {
                Refusal = $"claim {family.Claim} under {family.Protocol} has {family.Trials} independent trials of "
                    + few.First.Initialisation
                    + (few.Second is { } other && other.Initialisation != few.First.Initialisation ? $" or {other.Initialisation}, " : ", ")
                    + "expected "
                    + $"{TrialMean.FewestTrialsForClaim}: set trials (sweep.trials and the rows' own) and repeats of the pretrainings "
                    + $"to {TrialMean.FewestTrialsForClaim}",
            };
        if (least <= ClaimComparison.Level && gap <= LargestGap) return planned;
        int? enough = Enumerable.Range(family.Trials + 1, Math.Max(0, MostTrials - family.Trials)).Cast<int?>()
            .FirstOrDefault(n => Decides(family, assumed, n!.Value) is var (p, g) && p <= ClaimComparison.Level && g <= LargestGap);
        return planned with
        {
            Refusal = string.Create(
                CultureInfo.InvariantCulture,
                $"claim {family.Claim} under {family.Protocol} would not declare a gap of {LargestGap} AUC (least attainable p "
                    + $"{least:0.000}, {m} comparisons) at the scatter assumed; ")
                + (enough is { } trials ? $"{trials} trials would"
                    : $"not even {MostTrials} trials would: test more patients, or compare fewer rows and numbers of labels"),
        };
    }

    private static (double Least, double? Gap) Decides(ClaimFamily family, AssumedScatter assumed, int trials)
    {
        var (s, v) = (assumed.TrialDeviation, assumed.PatientDeviation * assumed.PatientDeviation);
        // Holm's first step divides the level by all comparisons.
        int m = family.Comparisons.Count;
        return (Math.Min(1, m * TrialMean.PValue(WidestGap, s, trials, v)),
            TrialMean.SmallestGap(Power, s, trials, v, 1 - ClaimComparison.Level / m));
    }

    /// <summary>Claim D: the margin within which two models that are alike are shown to be so.</summary>
    private static PlannedFamily Alike(PlannedFamily planned, ClaimFamily family, AssumedScatter assumed, double margin)
    {
        if (family.Trials < TrialMean.FewestTrialsForClaim)
            return planned with
            {
                Refusal = $"claim D under {family.Protocol} has {family.Trials} independent trials, expected "
                    + $"{TrialMean.FewestTrialsForClaim}: set trials and the pretrainings' repeats to {TrialMean.FewestTrialsForClaim}",
            };
        var (s, v) = (assumed.TrialDeviationAtAll, assumed.PatientDeviation * assumed.PatientDeviation);
        double Chance(double within) => Equivalence.Chance(within, s, family.Trials, v, ClaimComparison.Level);
        double? smallest = Enumerable.Range(1, 500).Select(i => i / 1000.0).Cast<double?>().FirstOrDefault(m => Chance(m!.Value) >= Power);
        planned = planned with { SmallestGap = smallest, LeastPValue = TrialMean.PValue(margin, s, family.Trials, v) / 2 };
        return Chance(margin) >= FairChance ? planned : planned with
        {
            Refusal = string.Create(
                CultureInfo.InvariantCulture,
                $"claim D under {family.Protocol} would show two models of equal AUC to be within {margin} with a chance of "
                    + $"{Chance(margin):P0} only at the scatter assumed; ")
                + FormattableString.Invariant($"a margin of {smallest} has one of {Power:P0}, or leave D out of statistics.claims"),
        };
    }
}
