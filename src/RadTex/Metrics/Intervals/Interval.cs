namespace RadTex.Metrics.Intervals;

/// <summary>An estimate with its confidence interval.</summary>
/// <param name="Estimate">The figure itself.</param>
/// <param name="Lower">The interval's lower end.</param>
/// <param name="Upper">The interval's upper end.</param>
/// <param name="Level">The confidence level, such as 0.95.</param>
public readonly record struct Interval(double Estimate, double Lower, double Upper, double Level)
{
    /// <summary>The level in common use, the paper's.</summary>
    public const double DefaultLevel = 0.95;

    /// <summary>Whether two intervals have no value in common.</summary>
    public bool IsDisjointFrom(Interval other) => Upper < other.Lower || other.Upper < Lower;

    /// <summary>Estimate and ends to three digits, "0.853 [0.841, 0.865]".</summary>
    public override string ToString() => $"{Estimate:F3} [{Lower:F3}, {Upper:F3}]";
}
