using MathNet.Numerics.Distributions;
using RadTex.Metrics.Intervals;

namespace RadTex.Metrics.Agreement;

/// <summary>The interval of an agreement over patients: the jackknife leaves out a patient with all of his or her cases at a time.</summary>
public static class AgreementInterval
{
    /// <summary>Fewer patients give no interval.</summary>
    public const int FewestPatients = 10;

    /// <summary>The figure with its interval.</summary>
    /// <param name="figure">Such as <see cref="ReaderAgreement.FleissKappa"/>.</param>
    /// <param name="table">The ratings.</param>
    /// <param name="patients">Each case's patient: any numbers, equal for one patient.</param>
    /// <param name="level">The confidence level.</param>
    /// <returns>The interval, within [-1, 1], or why there is none.</returns>
    public static (Interval? Interval, string? Reason) Of(
        Func<RatingTable, double?> figure, RatingTable table, IReadOnlyList<int> patients, double level = Interval.DefaultLevel)
    {
        if (patients.Count != table.Cases) throw new ArgumentException($"{patients.Count} patients for {table.Cases} cases", nameof(patients));
        if (figure(table) is not { } estimate) return (null, "the ratings leave it undefined");
        int[][] cases = [.. Enumerable.Range(0, table.Cases).GroupBy(c => patients[c]).Select(g => g.ToArray())];
        if (cases.Length < FewestPatients) return (null, $"{cases.Length:N0} patients, fewer than {FewestPatients}");
        var left = new List<double>(cases.Length);
        foreach (var own in cases)
        {
            var omitted = own.ToHashSet();
            if (figure(table.Select(Enumerable.Range(0, table.Cases).Where(c => !omitted.Contains(c)))) is not { } without)
                return (null, "without one of the patients it is undefined");
            left.Add(without);
        }
        double mean = left.Average(), n = left.Count;
        double error = Math.Sqrt((n - 1) / n * left.Sum(v => (v - mean) * (v - mean)));
        if (error == 0) return (null, "the readers agree in the same way on every patient: it has no standard error");
        double half = StudentT.InvCDF(0, 1, n - 1, 0.5 + level / 2) * error;
        return (new Interval(estimate, Math.Max(-1, estimate - half), Math.Min(1, estimate + half), level), null);
    }
}
