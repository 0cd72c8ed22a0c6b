using RadTex.Metrics.Intervals;

namespace RadTex.Metrics;

/// <summary>How a model does on parts of the test set: by sex, age, view, device.</summary>
/// <remarks>Many groups make chance findings: correct the p-values of the differences with <see cref="MultipleComparisons"/>.</remarks>
public static class Subgroups
{
    /// <summary>The name of the line of all examples.</summary>
    public const string All = "all";

    /// <summary>Fewer examples of a class say next to nothing of an AUC: its standard error is above 0.1.</summary>
    public const int FewestOfAClass = ClusteredAuc.FewestOfAClass;

    /// <summary>The AUC of all examples and of each group, groups in the order of their names.</summary>
    /// <param name="groups">Each example's group; null where it is not known: counted under "unknown".</param>
    /// <param name="scores">One score an example.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <param name="patients">Each example's patient.</param>
    /// <param name="seed">Of the differences' bootstrap.</param>
    /// <param name="fewestOfAClass">Below this many positives or negatives a group's AUC is "n/a".</param>
    /// <param name="resamples">Bootstrap resamples.</param>
    /// <exception cref="ArgumentException">A score is NaN, or the lengths differ.</exception>
    public static IReadOnlyList<SubgroupRow> Auc(
        IReadOnlyList<string?> groups, double[] scores, bool[] labels, int[] patients, int seed, int fewestOfAClass = FewestOfAClass,
        int resamples = Bootstrap.DefaultResamples)
    {
        MetricInput.CheckScores(scores, labels.Length);
        MetricInput.CheckLengths(groups.Count, labels.Length);
        MetricInput.CheckLengths(patients.Length, labels.Length);
        string[] names = [.. groups.Select(g => g ?? "unknown")];
        var every = Enumerable.Range(0, labels.Length).ToArray();
        double? AucOf(IEnumerable<int> rows)
        {
            int[] chosen = [.. rows];
            return Roc.Auc([.. chosen.Select(r => scores[r])], [.. chosen.Select(r => labels[r])]);
        }
        string? TooFew(int[] rows)
        {
            int positives = rows.Count(r => labels[r]), negatives = rows.Length - positives;
            return positives >= fewestOfAClass && negatives >= fewestOfAClass
                ? null
                : $"{positives:N0} positives and {negatives:N0} negatives, fewer than {fewestOfAClass:N0} of each";
        }
        SubgroupRow Row(string name, int[] rows)
        {
            int[] others = [.. every.Except(rows)];
            var (own, other) = (TooFew(rows), TooFew(others));
            var (interval, why) = own is not null ? (null, own)
                : ClusteredAuc.Of([.. rows.Select(r => scores[r])], [.. rows.Select(r => labels[r])], [.. rows.Select(r => patients[r])]);
            // All patients are drawn, so that those with examples on both sides are drawn for both.
            var difference = own is null && other is null && others.Length > 0
                ? Bootstrap.PairedDifference(
                    patients, drawn => AucOf(drawn.Where(d => names[d] == name)), drawn => AucOf(drawn.Where(d => names[d] != name)), seed, resamples)
                : null;
            return new(
                name, rows.Length, rows.Select(r => patients[r]).Distinct().Count(), rows.Count(r => labels[r]), interval, difference,
                why ?? (others.Length == 0 ? null : other is null ? null : $"the others are {other}"));
        }
        return [Row(All, every), .. names.Distinct().Order(StringComparer.Ordinal)
            .Select(name => Row(name, [.. every.Where(r => names[r] == name)]))];
    }
}
