namespace RadTex.Metrics.Captions;

/// <summary>How the findings of generated reports agree with the true ones: one table of counts a finding, and what follows from all.</summary>
/// <param name="ByFinding">Counts of each finding, in the order of <paramref name="Names"/>.</param>
/// <param name="Names">The findings.</param>
public sealed record FindingAgreement(IReadOnlyList<string> Names, IReadOnlyList<ConfusionCounts> ByFinding)
{
    /// <summary>Counts of all findings together: frequent findings weigh more.</summary>
    public ConfusionCounts Micro { get; } = new(
        ByFinding.Sum(c => c.TruePositives), ByFinding.Sum(c => c.FalsePositives), ByFinding.Sum(c => c.TrueNegatives),
        ByFinding.Sum(c => c.FalseNegatives));

    /// <summary>The plain means over findings, 0 being the value of what is undefined (as in <see cref="ConfusionCounts"/>).</summary>
    public double MacroPrecision => ByFinding.Average(c => c.Precision);

    /// <summary>The plain mean of the findings' recalls, in [0, 1], as <see cref="MacroPrecision"/>.</summary>
    public double MacroRecall => ByFinding.Average(c => c.Recall);

    /// <summary>The plain mean of the findings' F1, in [0, 1]; not the F1 of <see cref="MacroPrecision"/> and <see cref="MacroRecall"/>.</summary>
    public double MacroF1 => ByFinding.Average(c => c.F1);

    /// <summary>Compares reports, a row each: whether it states each finding.</summary>
    /// <exception cref="ArgumentException">Rows differ in number or length.</exception>
    public static FindingAgreement Of(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<bool>> truth, IReadOnlyList<IReadOnlyList<bool>> found)
    {
        MetricInput.CheckLengths(found.Count, truth.Count);
        foreach (var row in truth.Concat(found)) MetricInput.CheckLengths(row.Count, names.Count);
        return new(names, [.. Enumerable.Range(0, names.Count).Select(f => new ConfusionCounts(
            Count(f, true, true), Count(f, false, true), Count(f, false, false), Count(f, true, false)))]);
        int Count(int finding, bool isTrue, bool isFound) =>
            Enumerable.Range(0, truth.Count).Count(i => truth[i][finding] == isTrue && found[i][finding] == isFound);
    }
}
