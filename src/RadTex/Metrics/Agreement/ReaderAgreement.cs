namespace RadTex.Metrics.Agreement;

/// <summary>
/// How far readers agree, beyond what chance would give by each author's model of chance. Every figure is null where it is undefined.
/// </summary>
public static class ReaderAgreement
{
    /// <summary>Cohen's kappa (1960) of two readers, over the cases both judged; weighted (Cohen 1968) where weights are given.</summary>
    /// <param name="table">Of two readers.</param>
    /// <param name="weighting">What a disagreement of several categories counts.</param>
    /// <returns>At most 1; null for no case, and where chance alone would agree always.</returns>
    public static double? CohenKappa(RatingTable table, DisagreementWeight weighting = DisagreementWeight.Nominal)
    {
        if (table.Readers != 2) throw new ArgumentException($"Cohen's kappa is of two readers; found {table.Readers}", nameof(table));
        int size = table.Categories;
        double[] first = new double[size], second = new double[size];
        double observed = 0;
        int cases = 0;
        for (int i = 0; i < table.Cases; i++)
        {
            if (table[i, 0] is not { } a || table[i, 1] is not { } b) continue;
            first[a]++;
            second[b]++;
            observed += weighting.Of(a, b, size);
            cases++;
        }
        if (cases == 0) return null;
        double expected = 0;
        for (int a = 0; a < size; a++)
            for (int b = 0; b < size; b++) expected += weighting.Of(a, b, size) * first[a] * second[b] / cases;
        return expected == 0 ? null : 1 - observed / expected;
    }

    /// <summary>Fleiss' kappa (1971): of any readers, each case judged by equally many or, as a generalisation, by at least two.</summary>
    public static double? FleissKappa(RatingTable table)
    {
        var counts = table.PairableCounts();
        if (counts.Count == 0) return null;
        double agreement = counts.Average(PairAgreement);
        double chance = Shares(counts, table.Categories).Sum(p => p * p);
        return chance == 1 ? null : (agreement - chance) / (1 - chance);
    }

    /// <summary>Krippendorff's alpha (2011), from the coincidences of ratings within cases; missing ratings are no matter.</summary>
    /// <param name="table">Of any readers.</param>
    /// <param name="level">Whether categories are names, ranks or equal steps.</param>
    public static double? KrippendorffAlpha(RatingTable table, DisagreementWeight level = DisagreementWeight.Nominal)
    {
        var counts = table.PairableCounts();
        int size = table.Categories;
        var coincidences = new double[size, size];
        foreach (var of in counts)
        {
            int judged = of.Sum();
            for (int a = 0; a < size; a++)
                for (int b = 0; b < size; b++) coincidences[a, b] += of[a] * (of[b] - (a == b ? 1 : 0)) / (double)(judged - 1);
        }
        double[] totals = [.. Enumerable.Range(0, size).Select(a => Enumerable.Range(0, size).Sum(b => coincidences[a, b]))];
        double all = totals.Sum(), observed = 0, expected = 0;
        for (int a = 0; a < size; a++)
            for (int b = 0; b < size; b++)
            {
                double distance = level == DisagreementWeight.Ordinal ? Ranks(totals, a, b) : level.Of(a, b, size);
                observed += coincidences[a, b] * distance;
                expected += totals[a] * totals[b] * distance;
            }
        return expected == 0 ? null : 1 - (all - 1) * observed / expected;
    }

    /// <summary>Gwet's AC1 (2008): its chance does not grow as a category becomes rare, where kappa collapses.</summary>
    public static double? GwetAc1(RatingTable table)
    {
        var counts = table.PairableCounts();
        if (counts.Count == 0) return null;
        double agreement = counts.Average(PairAgreement);
        // Of all cases that anyone judged, each case counting once.
        int[][] judged = [.. Enumerable.Range(0, table.Cases).Select(table.Counts).Where(c => c.Sum() > 0)];
        double[] shares = [.. Enumerable.Range(0, table.Categories).Select(k => judged.Average(c => c[k] / (double)c.Sum()))];
        double chance = shares.Sum(p => p * (1 - p)) / (table.Categories - 1);
        return chance == 1 ? null : (agreement - chance) / (1 - chance);
    }

    /// <summary>
    /// The agreement on a category (Cicchetti and Feinstein 1990): given that one reader said it, the chance that another did. Of category 1 of two
    /// it is the positive agreement, of category 0 the negative one.
    /// </summary>
    public static double? OnCategory(RatingTable table, int category)
    {
        double agreeing = 0, said = 0;
        foreach (var counts in table.PairableCounts())
        {
            agreeing += counts[category] * (counts[category] - 1) / (double)(counts.Sum() - 1);
            said += counts[category];
        }
        return said == 0 ? null : agreeing / said;
    }

    /// <summary>The share of pairs of readers that agree, over cases.</summary>
    public static double? Observed(RatingTable table) => table.PairableCounts() is { Count: > 0 } counts ? counts.Average(PairAgreement) : null;

    private static double PairAgreement(int[] counts)
    {
        int judged = counts.Sum();
        return counts.Sum(c => c * (c - 1)) / (double)(judged * (judged - 1));
    }

    private static IEnumerable<double> Shares(IReadOnlyList<int[]> counts, int categories)
    {
        double all = counts.Sum(c => c.Sum());
        return Enumerable.Range(0, categories).Select(k => counts.Sum(c => c[k]) / all);
    }

    // The squared number of ratings between two ranks, those at the ends counting half.
    private static double Ranks(double[] totals, int a, int b)
    {
        if (a == b) return 0;
        double between = 0;
        for (int k = Math.Min(a, b); k <= Math.Max(a, b); k++) between += totals[k];
        between -= (totals[a] + totals[b]) / 2;
        return between * between;
    }
}
