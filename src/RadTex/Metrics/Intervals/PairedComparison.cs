namespace RadTex.Metrics.Intervals;

/// <summary>Two models, or two ways of training, compared on the same examples.</summary>
/// <param name="Difference">The first's figure less the second's, with its interval.</param>
/// <param name="PValue">The two-sided p-value of no difference; below 0.05 exactly where the 95% interval excludes 0.</param>
/// <param name="Trials">Paired trials behind it; 1 where two trained models are compared, which says nothing of their ways of training.</param>
public readonly record struct PairedComparison(Interval Difference, double PValue, int Trials = 1)
{
    /// <summary>The standard deviation of a trial's difference; null for one trial.</summary>
    public double? TrialDeviation { get; init; }

    /// <summary>The standard error of the mean difference from the test patients alone; null where it was not told apart.</summary>
    public double? PatientDeviation { get; init; }
}
