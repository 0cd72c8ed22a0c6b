using RadTex.Experiments.Sweeps;

namespace RadTex.Experiments.Reproduction;

/// <summary>
/// Which comparisons each claim rests on. They follow from the configuration alone, so that a plan can say before anything is run how many there are
/// and what gap they can declare, and so that no comparison is chosen by its outcome.
/// </summary>
internal static class ClaimFamilies
{
    /// <summary>The labels of claims B and C.</summary>
    internal const int FewExamples = 100;

    private static readonly (string Claim, RowRole Role)[] Compared = [("E", RowRole.Objective), ("F", RowRole.Encoder)];

    /// <summary>The families of a protocol.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="protocol">The protocol's name.</param>
    /// <param name="isGraded">Whether it learns grades: Table 1 and Figure 3, and so claims C and D, are of yes/no labels.</param>
    internal static IReadOnlyList<ClaimFamily> Of(ReproductionConfiguration configuration, string protocol, bool isGraded)
    {
        var rows = ClaimRow.Of(configuration, protocol);
        // A configuration that compares objectives or encoders asks nothing of the paper's rows.
        if (Compared.Where(c => rows.Any(r => r.Settings.Role == c.Role)).ToList() is { Count: > 0 } compared)
            return [.. compared.SelectMany(c => new[] { ClaimRow.EqualUpdates, ClaimRow.EqualTime }.Select(series =>
                Best($"{c.Claim}, {series}", protocol, [.. rows.Where(r => r.Missing is null && r.Settings.Role is var role
                    && (role == RowRole.RadTex || role == c.Role) && (series == ClaimRow.EqualTime ? r.IsOfEqualTime : r.IsOfEqualUpdates))])))];
        if (rows.FirstOrDefault(r => r.Settings.Role == RowRole.RadTex && r.Missing is null) is not { } leader) return [];
        if (configuration.Protocols[protocol].Protocol is { } known && Protocol.Find(known).Folds > 1)
            return [.. new[] { "A", "B" }.Select(claim => new ClaimFamily(claim, protocol, [],
                "its trials are tested on different folds, which pair nothing"))];
        var families = new List<ClaimFamily> { Ahead(protocol, leader, rows), Loss(protocol, leader, rows) };
        if (isGraded) return families;
        families.AddRange(new[] { ClaimRow.EqualEpochs, ClaimRow.EqualUpdates }.Select(series => Data(protocol, leader, rows, series)));
        families.Add(Alike(protocol, rows, configuration.Statistics.Margin));
        return families;
    }

    /// <summary>E and F: the first row of a series against each other one, head by head, at every number of labels that both have.</summary>
    private static ClaimFamily Best(string claim, string protocol, IReadOnlyList<ClaimRow> rows)
    {
        if (rows.Count < 2) return new(claim, protocol, [], "two rows or more of this series");
        var leader = rows[0];
        return new(claim, protocol, [.. rows.Skip(1).SelectMany(other => leader.Cells.Where(cell =>
            other.Cells.Contains((other.HeadBeside(cell.Head), cell.Examples))).Select(cell => new PlannedComparison(
                new(leader.Name, cell.Head, cell.Examples), new(other.Name, other.HeadBeside(cell.Head), cell.Examples), ComparedFigure.Auc, 0,
                Math.Min(leader.Trials, other.Trials))))]);
    }

    /// <summary>A: RadTex outperforms ImageNet and in-domain supervised pretraining when fewer than 1,000 examples are available.</summary>
    private static ClaimFamily Ahead(string protocol, ClaimRow leader, IReadOnlyList<ClaimRow> rows)
    {
        var all = new List<PlannedComparison>();
        // The paper's row, and others of the same weights.
        bool IsImageNet(ClaimRow row) => row.Settings.PaperRow == "imagenet" || row.Settings is { PaperRow: null, Pretraining: null }
            && rows.Any(r => r.Settings.PaperRow == "imagenet" && r.Settings.Encoder == row.Settings.Encoder);
        var missing = new List<string>();
        foreach (var (kind, others) in new[]
        {
            ("ImageNet pretraining", rows.Where(r => r.Settings.Role == RowRole.Supervised && IsImageNet(r))),
            ("in-domain supervised pretraining", rows.Where(r => r.Settings.Role == RowRole.Supervised && !IsImageNet(r))),
        })
        {
            int before = all.Count;
            foreach (var other in others.Where(o => o.Missing is null))
                foreach (var head in leader.Heads)
                    foreach (int? n in leader.Sizes.Where(n => n < PaperFigures.AheadBelow && other.Sizes.Contains(n)))
                        all.Add(new(new(leader.Name, head, n), new(other.Name, other.HeadBeside(head), n), ComparedFigure.Auc, 0,
                            Math.Min(leader.Trials, other.Trials), kind));
            if (all.Count == before)
                missing.Add($"{kind} ({others.FirstOrDefault(o => o.Missing is not null)?.Missing ?? "no such row below 1,000 labels"})");
        }
        return new("A", protocol, all, missing.Count == 0 ? null : string.Join("; ", missing));
    }

    /// <summary>B: 100 labels against the best model at all labels, which the paper's 0.05 and 0.01 are, and against RadTex itself at all
    /// labels.</summary>
    private static ClaimFamily Loss(string protocol, ClaimRow leader, IReadOnlyList<ClaimRow> rows)
    {
        if (!leader.Sizes.Contains(FewExamples) || !leader.Sizes.Contains(null)) return new("B", protocol, [],
            $"{leader.Name} at {FewExamples} labels and at all");
        int best = rows.Where(IsCandidate).Min(r => Math.Min(r.Trials, leader.Trials));
        PlannedComparison[] Of(string head) =>
        [
            new(new(leader.Name, head, FewExamples), null, ComparedFigure.Auc, -PaperFigures.LossOfAuc, best),
            new(new(leader.Name, head, FewExamples), null, ComparedFigure.AveragePrecision, -PaperFigures.LossOfAveragePrecision, best),
            new(new(leader.Name, head, FewExamples), new(leader.Name, head, null), ComparedFigure.Auc, -PaperFigures.OwnLossOfAuc, leader.Trials),
            new(new(leader.Name, head, FewExamples), new(leader.Name, head, null), ComparedFigure.AveragePrecision,
                -PaperFigures.OwnLossOfAveragePrecision, leader.Trials),
        ];
        return new("B", protocol, [.. leader.Heads.SelectMany(Of)]);
    }

    /// <summary>Whether a row may be the best model at all labels.</summary>
    internal static bool IsCandidate(ClaimRow row) =>
        row.Missing is null && row.Sizes.Contains(null) && (row.Settings.Role is RowRole.RadTex or RowRole.Supervised or RowRole.Random
            || row.Settings.PaperRow is not null);

    /// <summary>C: smaller pretraining sets against the whole, at 100 labels.</summary>
    private static ClaimFamily Data(string protocol, ClaimRow leader, IReadOnlyList<ClaimRow> rows, string series)
    {
        var parts = rows.Where(r => r is { Part: < 1, Missing: null } && r.Series == series && r.Sizes.Contains(FewExamples)).ToList();
        if (leader.Part != 1 || parts.Count == 0 || !leader.Sizes.Contains(FewExamples)) return new($"C, {series}", protocol, [],
            "a smaller pretraining set at 100 labels");
        return new($"C, {series}", protocol,
        [
            .. parts.OrderByDescending(p => p.Part).SelectMany(part => leader.Heads.Select(head => new PlannedComparison(
                new(part.Name, head, FewExamples), new(leader.Name, head, FewExamples), ComparedFigure.Auc, 0, Math.Min(leader.Trials, part.Trials),
                    FormattableString.Invariant($"{100 * part.Part:0.##}%")))),
        ]);
    }

    /// <summary>D: at all labels every two of the paper's models are within a margin of each other, each trained the paper's way.</summary>
    private static ClaimFamily Alike(string protocol, IReadOnlyList<ClaimRow> rows, double margin)
    {
        var run = rows.Where(r => r.Settings.PaperRow is not null && r.Missing is null && r.Sizes.Contains(null)).DistinctBy(r =>
            r.Settings.PaperRow).ToList();
        string[] absent = [.. PaperFigures.Rows.Keys.Except(run.Select(r => r.Settings.PaperRow!))];
        var missing = absent.Length == 0 ? null : $"the paper's rows {string.Join(", ", absent)} at all labels";
        return new("D", protocol,
        [
            .. run.SelectMany((a, i) => run.Skip(i + 1).Select(b => new PlannedComparison(
                new(a.Name, a.Heads[0], null), new(b.Name, b.Heads[0], null), ComparedFigure.Auc, margin, Math.Min(a.Trials, b.Trials)))),
        ], missing);
    }
}
