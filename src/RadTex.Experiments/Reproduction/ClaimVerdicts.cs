using System.Globalization;
using RadTex.Experiments.Sweeps;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Transfer;
using RadTex.Metrics.Intervals;
using RadTex.Phantoms;
using RadTex.Studies;

namespace RadTex.Experiments.Reproduction;

/// <summary>
/// The paper's claims held against the runs, each by its own family of comparisons. What was not run, rests on too few trials or leaves its interval
/// on both sides of the claim cannot be said. Losses are told first.
/// </summary>
internal static class ClaimVerdicts
{
    internal static IReadOnlyList<ClaimVerdict> Of(
        ReproductionConfiguration configuration, IReadOnlyList<SweepResult> sweeps, IReadOnlyList<ProtocolFigures> figures, SweepBootstrap bootstrap,
        CancellationToken cancellation)
    {
        var verdicts = new List<ClaimVerdict>();
        foreach (var (sweep, own) in sweeps.Zip(figures))
        {
            var evaluation = new ClaimEvaluation(configuration, sweep, bootstrap, cancellation);
            foreach (var family in ClaimFamilies.Of(configuration, sweep.Protocol.Name, sweep.Protocol.IsGraded))
            {
                var comparisons = evaluation.Of(family);
                var verdict = family.Claim switch
                {
                    "A" => Ahead(family, comparisons),
                    "B" => Loss(family, comparisons),
                    "D" => Alike(family, comparisons, configuration.Statistics.Margin),
                    ['E' or 'F', ..] => Best(family, comparisons),
                    _ => Data(family, comparisons, own),
                };
                if (!configuration.Statistics.Makes(family.Claim)) verdict = verdict with
                {
                    Verdict = configuration.Statistics.DescribeOnly
                    ? "cannot be said: the plan makes no claims" : "cannot be said: the plan does not make this claim",
                    Outcome = ClaimOutcome.CannotBeSaid
                };
                verdicts.Add(verdict with
                {
                    Protocol = family.Protocol,
                    Comparisons = comparisons,
                    Figures = [.. verdict.Figures, .. comparisons.OrderBy(Order).Select(c => c.Line()), .. View(configuration, sweep, family)]
                });
            }
        }
        return [.. verdicts.OrderBy(v => v.Outcome)];
    }

    /// <summary>A: ahead of ImageNet and of in-domain supervised pretraining below 1,000 labels.</summary>
    internal static ClaimVerdict Ahead(ClaimFamily family, IReadOnlyList<ClaimComparison> all)
    {
        const string Words =
            "RadTex pretraining outperforms ImageNet and in-domain supervised pretraining when fewer than 1,000 examples are available";
        return Ahead(family, all, $"A, {family.Protocol}: {Words}", []);
    }

    /// <summary>E and F: one objective or encoder ahead of every other.</summary>
    internal static ClaimVerdict Best(ClaimFamily family, IReadOnlyList<ClaimComparison> all)
    {
        var (what, series) = (family.Claim[0] == 'E' ? "objective of pretraining" : "encoder", family.Claim[3..]);
        var how = series == ClaimRow.EqualTime ? "all trained equally long" : "all trained for equally many updates";
        var leader = all.Count > 0 ? all[0].First.Initialisation : "the first row";
        var claim = $"{family.Claim[0]}, {family.Protocol}, {series}: {leader} is ahead of every other {what}, {how}";
        if (all.Count == 0) return new(claim, $"cannot be said: not run: {family.Missing}", []);
        var rivals = all.GroupBy(c => c.Second!.Initialisation).OrderByDescending(g => g.Count(c => c.IsBelow)).ThenBy(g => g.Count(c => c.IsAbove))
            .Select(
                g => $"{g.Key}: {leader} is behind it in {g.Count(c => c.IsBelow)}, ahead in {g.Count(c => c.IsAbove)} of {g.Count()} comparisons");
        return Ahead(family, all, claim, [.. rivals]);
    }

    private static ClaimVerdict Ahead(ClaimFamily family, IReadOnlyList<ClaimComparison> all, string claim, IReadOnlyList<string> figures)
    {
        string Counted(IReadOnlyList<ClaimComparison> some)
        {
            int ahead = some.Count(c => c.IsAbove), behind = some.Count(c => c.IsBelow);
            return some.Count == 0 ? "nothing was compared"
                : $"behind in {behind}, ahead in {ahead} of {some.Count} comparisons, the others cannot be told apart or said";
        }
        ClaimOutcome Outcome(IReadOnlyList<ClaimComparison> some) =>
            some.Any(c => c.IsBelow) ? ClaimOutcome.DoesNotHold
            : some.Count == 0 || !some.Any(c => c.IsAbove) ? ClaimOutcome.CannotBeSaid
            : family.Missing is null && some.All(c => c.IsAbove) ? ClaimOutcome.Holds : ClaimOutcome.HoldsInPart;
        ClaimComparison[] paper = [.. all.Where(IsPapersWay)], own = [.. all.Where(c => !IsPapersWay(c))];
        var outcome = Outcome(paper);
        var text = $"{Name(outcome)}: {Counted(paper)}";
        if (own.Length > 0) text += $". With our head {Name(Outcome(own))}: {Counted(own)}";
        if (family.Missing is { } missing) text += $". Cannot be said of {missing}";
        if (all.Any(c => c.IsTheView)) text += ". Some of the difference over all views is what the view alone tells";
        return new(claim, text, figures, outcome);
    }

    /// <summary>B: what is lost to 100 labels, in both readings.</summary>
    internal static ClaimVerdict Loss(ClaimFamily family, IReadOnlyList<ClaimComparison> all)
    {
        const string Words = "decreases of just 0.05 AUC and 0.01 AUCPR when training data is reduced from tens of thousands of examples to 100 "
            + "(in Table 1 against the best model at 100%; RadTex's own decrease is 0.033 and 0.009)";
        var claim = $"B, {family.Protocol}: {Words}";
        if (family.Missing is { } missing) return new(claim, $"cannot be said: not run: {missing}", []);
        ClaimOutcome Outcome(IReadOnlyList<ClaimComparison> some) =>
            some.Any(c => c.IsBelow) ? ClaimOutcome.DoesNotHold : some.Count > 0 && some.All(c => c.IsAbove) ? ClaimOutcome.Holds
                : ClaimOutcome.CannotBeSaid;
        string Words2(IReadOnlyList<ClaimComparison> some) => string.Join(", ", some.Select(c => $"{ClaimComparison.Name(c.Figure)} " + (
            c.Comparison is not { } x ? $"n/a ({c.Reason})" : c.Reason is { } reason ? $"cannot be said ({reason})"
            : string.Create(CultureInfo.InvariantCulture,
                $"{x.Difference.Estimate:+0.000;-0.000;0.000} [{x.Difference.Lower:+0.000;-0.000;0.000}, {x.Difference.Upper:+0.000;-0.000;0.000}]")
                + (c.IsBelow ? ", more than the paper lost" : c.IsAbove ? ", less than the paper lost" : ", not told apart from the paper's loss"))));
        // A planned comparison of another initialisation or head is against the best model, one of the same cell against itself.
        static bool IsItself(ClaimComparison c, double own) => c.Against == -own;
        bool Own(ClaimComparison c) => IsItself(c, PaperFigures.OwnLossOfAuc) || IsItself(c, PaperFigures.OwnLossOfAveragePrecision);
        var parts = new List<string>();
        foreach (var head in all.GroupBy(c => c.First.Head))
        {
            ClaimComparison[] best = [.. head.Where(c => !Own(c))], itself = [.. head.Where(Own)];
            parts.Add($"{head.Key} head against the best model at all labels: {Words2(best)}; against itself: {Words2(itself)}");
        }
        var outcome = Outcome([.. all.Where(c => IsPapersWay(c) && !Own(c))]);
        return new(claim, $"{Name(outcome)}. {string.Join(". ", parts)}", [], outcome);
    }

    /// <summary>C: how much pretraining data it takes.</summary>
    internal static ClaimVerdict Data(ClaimFamily family, IReadOnlyList<ClaimComparison> all, ProtocolFigures figures)
    {
        var series = family.Claim[3..];
        var claim = $"C, {family.Protocol}, {series}: pretraining on at least 100K examples is necessary; half of the set loses "
            + "0.03 AUC at 100 labels, smaller sets are significantly worse";
        var parts = figures.Parts.Where(p => p.Series == series || p.Part == 1).ToList();
        var lines = parts.Select(p => string.Create(CultureInfo.InvariantCulture,
            $"{100 * p.Part:0.##}% of the patients ({p.Radiographs:N0} radiographs, {p.Updates:N0} updates), {p.Head} head, "
                + $"{p.Examples:N0} labels: AUC {p.Auc}")
            + (p.Drop is { } d ? $"; {ClaimComparison.Signed(d.Difference)} against all of them" : "")).ToList();
        if (family.Comparisons.Count == 0) return new(claim, $"cannot be said: not run: {family.Missing}", lines);
        ClaimComparison[] paper = [.. all.Where(IsPapersWay)], own = [.. all.Where(c => !IsPapersWay(c))];
        string Shape(IReadOnlyList<ClaimComparison> some) => string.Join(", ", some.Select(c => $"{c.Note} " + (
            c.Comparison is null || c.Reason is not null ? $"cannot be said ({c.Reason})" : c.IsBelow ? "is worse" : c.IsAbove ? "is better"
                : "is not told apart from the whole")));
        ClaimComparison[] small = [.. paper.Where(c => ShareOf(c) < 0.5)];
        var outcome = small.Any(c => c.IsAbove) ? ClaimOutcome.DoesNotHold
            : small.Length > 0 && small.All(c => c.IsBelow) ? ClaimOutcome.HoldsInPart : ClaimOutcome.CannotBeSaid;
        double whole = parts.Where(p => p.Part == 1).Select(p => p.Radiographs).DefaultIfEmpty(0).Max();
        var number = whole < PaperFigures.NecessaryPairs ? string.Create(CultureInfo.InvariantCulture,
            $"the number of 100K cannot be said: the whole set here has {whole:N0} radiographs")
            : "the paper's inflection lies at about 125,000 pairs (50%)";
        if (outcome == ClaimOutcome.HoldsInPart && whole >= PaperFigures.NecessaryPairs) outcome = ClaimOutcome.Holds;
        return new(claim, $"{Name(outcome)}: with the paper's head {Shape(paper)}{(own.Length > 0 ? $"; with our head {Shape(own)}" : "")}; {number}",
            lines, outcome);

        static double ShareOf(ClaimComparison c) => double.Parse(c.Note.TrimEnd('%'), CultureInfo.InvariantCulture) / 100;
    }

    /// <summary>D: all models alike when all data is used, by two one-sided tests of each pair.</summary>
    internal static ClaimVerdict Alike(ClaimFamily family, IReadOnlyList<ClaimComparison> all, double margin)
    {
        var claim = string.Create(CultureInfo.InvariantCulture,
            $"D, {family.Protocol}: all models perform similarly when all downstream data is used (here: within {margin} "
                + $"AUC of each other; the paper's rows differ by up to 0.039)");
        if (all.Count == 0)
        {
            var rest = family.Missing is { } lacking ? $"; not run: {lacking}" : "";
            return new(claim, $"cannot be said: fewer than two of the paper's models were run{rest}", []);
        }
        // Beyond the margin: the interval of the difference, at the level corrected for all pairs, leaves it out.
        ClaimComparison[] apart = [.. all.Where(c => c.Comparison is not null && c.Reason is null && c.HolmPValue is not null
            && Beyond(c, margin) * all.Count < ClaimComparison.Level)];
        bool alike = all.All(c => c.IsDeclared);
        var outcome = apart.Length > 0 ? ClaimOutcome.DoesNotHold : !alike ? ClaimOutcome.CannotBeSaid : family.Missing is null ? ClaimOutcome.Holds
            : ClaimOutcome.HoldsInPart;
        var within = all.Where(c => c.Comparison is not null).Select(Within).DefaultIfEmpty(0).Max();
        var text = apart.Length > 0
            ? $"not equivalent: {string.Join(", ", apart.Select(c => $"{c.First.Initialisation} and {c.Second!.Initialisation}"))}"
            : alike ? FormattableString.Invariant($"equivalent within {margin}")
                : $"cannot be said: {all.Count(c => !c.IsDeclared)} of {all.Count} pairs are not shown to be within the margin";
        if (family.Missing is { } missing) text += $"; not run: {missing}";
        return new(claim, FormattableString.Invariant($"{text}. The narrowest margin that all pairs fit in: {within:F3} AUC"), [], outcome);
    }

    private static double Beyond(ClaimComparison c, double margin)
    {
        var found = c.Comparison!.Value;
        double excess = Math.Abs(found.Difference.Estimate) - margin;
        return excess <= 0 ? 1 : TrialMean.PValue(excess, found.TrialDeviation ?? 0, found.Trials, Math.Pow(found.PatientDeviation ?? 0, 2)) / 2;
    }

    /// <summary>The margin that a pair's 90% interval, that of two one-sided tests at 5%, fits in.</summary>
    private static double Within(ClaimComparison c)
    {
        var found = c.Comparison!.Value;
        return Math.Abs(found.Difference.Estimate) + TrialMean.HalfWidth(found.TrialDeviation ?? 0, Math.Max(2, found.Trials),
            Math.Pow(found.PatientDeviation ?? 0, 2), 1 - 2 * ClaimComparison.Level);
    }

    private static bool IsPapersWay(ClaimComparison c) => c.First.Head != HeadKind.Logistic.Name();

    /// <summary>Losses first, then what is open, then gains.</summary>
    private static int Order(ClaimComparison c) => c.IsBelow ? 0 : c.IsAbove ? 2 : 1;

    /// <summary>What a score that knows nothing but the view reaches.</summary>
    private static IEnumerable<string> View(ReproductionConfiguration configuration, SweepResult sweep, ClaimFamily family)
    {
        if (family.Claim != "A") yield break;
        foreach (var row in sweep.Initialisations.Where(i => i.IsViewOnly))
            foreach (int? n in sweep.Sizes)
                foreach (var head in row.Heads.Select(h => h.Name()))
                    if (sweep.Auc(sweep.Cell(row.Name, head, n)).Summary is { Mean: not null } auc)
                        yield return $"{row.Name} ({head}), {TransferFiles.Name(n)} labels: AUC {auc} over all views";
    }

    private static string Name(ClaimOutcome outcome) => outcome switch
    {
        ClaimOutcome.DoesNotHold => "does not hold",
        ClaimOutcome.CannotBeSaid => "cannot be said",
        ClaimOutcome.HoldsInPart => "holds in part",
        _ => "holds",
    };
}
