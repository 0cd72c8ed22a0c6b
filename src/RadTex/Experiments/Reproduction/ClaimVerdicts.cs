using RadTex.Metrics;
using RadTex.Transfer;

namespace RadTex.Experiments.Reproduction;

/// <summary>The paper's three claims held against the runs. What was not run or leaves its interval on both sides of the claim cannot be said.</summary>
internal static class ClaimVerdicts
{
    private const double Level = 0.05;

    internal static IReadOnlyList<ClaimVerdict> Of(
        ReproductionConfiguration configuration, IReadOnlyList<SweepResult> sweeps, IReadOnlyList<ProtocolFigures> figures, SweepBootstrap bootstrap, CancellationToken cancellation)
    {
        var verdicts = new List<ClaimVerdict>();
        foreach (var (sweep, own) in sweeps.Zip(figures))
        {
            string? leader = sweep.Initialisations.FirstOrDefault(i => i.Missing is null && InitialisationSettings.Named(configuration.Initialisations, i.Name).Role == "radtex")?.Name;
            if (leader is null) continue;
            verdicts.Add(Ahead(configuration, own));
            verdicts.Add(Loss(sweep, leader, bootstrap, cancellation));
            if (!sweep.Protocol.IsGraded && own.Parts.Count > 0) verdicts.Add(Data(own));
        }
        return verdicts;
    }

    /// <summary>A: ahead of the supervised initialisations, and of random, below 1,000 labels.</summary>
    private static ClaimVerdict Ahead(ReproductionConfiguration configuration, ProtocolFigures figures)
    {
        var lines = new List<string>();
        int ahead = 0, behind = 0, open = 0, supervised = 0;
        foreach (var c in figures.Comparisons.Where(c => c.Examples <= PaperFigures.AheadBelow))
        {
            var role = (configuration.Initialisations.FirstOrDefault(i => c.Second.StartsWith(i.Name + " (", StringComparison.Ordinal)) ?? InitialisationSettings.ViewOnly).Role;
            if (role is not ("supervised" or "random")) continue;
            if (c.Comparison is not { } comparison)
            {
                lines.Add($"{c.First} against {c.Second}, {TransferFiles.Name(c.Examples)} labels: n/a: {c.Reason}");
                continue;
            }
            bool significant = c.HolmPValue < Level;
            lines.Add($"{c.First} against {c.Second}, {c.Examples:N0} labels: {Signed(comparison.Difference)} AUC, p {comparison.PValue:0.####}, after Holm {c.HolmPValue:0.####}");
            if (role == "supervised" && c.Examples < PaperFigures.AheadBelow)
            {
                supervised++;
                if (!significant) open++;
                else if (comparison.Difference.Estimate > 0) ahead++;
                else behind++;
            }
        }
        var verdict = supervised == 0 ? "cannot be said: no supervised initialisation was run below 1,000 labels"
            : open == supervised ? $"cannot be said: in none of {supervised} comparisons with supervised initialisations can the two be told apart"
            : ahead == supervised ? "holds" : behind == supervised ? "does not hold: the supervised initialisations are ahead"
            : $"holds in part: ahead in {ahead} of {supervised} comparisons with supervised initialisations, behind in {behind}, {open} cannot be told apart";
        return new($"A, {figures.Protocol}: RadTex outperforms ImageNet and in-domain supervised pretraining when fewer than 1,000 examples are available", verdict, lines);
    }

    /// <summary>B: what is lost from all labels to 100.</summary>
    private static ClaimVerdict Loss(SweepResult sweep, string leader, SweepBootstrap bootstrap, CancellationToken cancellation)
    {
        var lines = new List<string>();
        string? verdict = null;
        foreach (var head in sweep.Initialisations.First(i => i.Name == leader) is { FineTunes: true } ? [HeadKind.FineTuned.Name()] : new[] { HeadKind.Paper.Name(), HeadKind.Logistic.Name() })
        {
            int? most = sweep.Sizes[^1];
            var (few, all) = (sweep.Cell(leader, head, 100), sweep.Cell(leader, head, most));
            if (few.Count == 0 || all.Count == 0 || most == 100) continue;
            var (auc, reason) = bootstrap.Compare(few, all, SweepBootstrap.Figure.Auc, cancellation);
            var precision = bootstrap.Compare(few, all, SweepBootstrap.Figure.AveragePrecision, cancellation).Comparison;
            if (auc is not { } a || precision is not { } p)
            {
                lines.Add($"{leader} ({head}): n/a: {reason}");
                continue;
            }
            lines.Add($"{leader} ({head}), 100 labels against {TransferFiles.Name(most)} ({all.Min(r => r.Count):N0}): {Signed(a.Difference)} AUC (paper: -{PaperFigures.LossOfAuc}), {Signed(p.Difference)} AUCPR (paper: -{PaperFigures.LossOfAveragePrecision})");
            verdict ??= -a.Difference.Upper > PaperFigures.LossOfAuc ? $"does not hold with the {head} head: more is lost than the paper's {PaperFigures.LossOfAuc}"
                : -a.Difference.Lower <= PaperFigures.LossOfAuc ? "holds: no more is lost than in the paper"
                : $"about as in the paper: {-a.Difference.Estimate:F3} is lost, the interval holds the paper's {PaperFigures.LossOfAuc}";
        }
        return new($"B, {sweep.Protocol.Name}: decreases of just 0.05 AUC and 0.01 AUCPR from all training data to 100 examples", verdict ?? "cannot be said: 100 labels or all were not run", lines);
    }

    /// <summary>C: how much pretraining data it takes.</summary>
    internal static ClaimVerdict Data(ProtocolFigures figures)
    {
        var lines = new List<string>();
        var at = figures.Parts.Where(p => p.Examples == 100).ToList();
        if (at.Count == 0) at = [.. figures.Parts.Where(p => p.Examples == figures.Parts.Min(o => o.Examples))];
        foreach (var p in figures.Parts)
            lines.Add($"{100 * p.Part:0.##}% of the patients ({p.Radiographs:N0} radiographs, {p.Updates:N0} updates), {p.Head} head, {p.Examples:N0} labels: AUC {p.Auc}{(p.Drop is { } d ? $"; {Signed(d.Difference)} against all of them" : "")}");
        PartFigure[] own = [.. at.Where(p => p.Head == at[0].Head).OrderByDescending(p => p.Part)], smaller = [.. own.Where(p => p is { Part: < 1, Drop: not null })];
        var enough = own.TakeWhile(p => p.Part == 1 || p.Drop is { } drop && -drop.Difference.Estimate <= PaperFigures.HalfDrop).LastOrDefault();
        bool falls = at.Any(p => p.Drop is { Difference.Upper: < 0 });
        var verdict = smaller.Length == 0 || enough is null ? $"cannot be said: no smaller pretraining set {(own.Length > 1 ? "has a figure to compare" : "was run")}"
            : $"{(falls ? "smaller sets are worse" : "no smaller set is clearly worse")}: within {PaperFigures.HalfDrop} AUC of the whole at {at[0].Examples} labels down to {enough.Radiographs:N0} radiographs ({100 * enough.Part:0.##}% of the patients), the {at[0].Head} head; the paper's inflection lies at about 125,000 pairs (50%)";
        return new($"C, {figures.Protocol}: pretraining on at least 100K examples is necessary", verdict, lines);
    }

    private static string Signed(Interval i) => $"{i.Estimate:+0.000;-0.000;0.000} [{i.Lower:+0.000;-0.000;0.000}, {i.Upper:+0.000;-0.000;0.000}]";
}
