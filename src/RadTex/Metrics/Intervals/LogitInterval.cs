namespace RadTex.Metrics.Intervals;

/// <summary>A normal interval of a share or an AUC, built on the logit scale so that it stays inside 0 and 1 (Pepe 2003).</summary>
internal static class LogitInterval
{
    /// <summary>The interval.</summary>
    /// <param name="estimate">Inside (0, 1).</param>
    /// <param name="half">Half of the width it would have on the plain scale: quantile times standard error.</param>
    /// <param name="level">The confidence level that <paramref name="half"/> was made for.</param>
    internal static Interval Of(double estimate, double half, double level)
    {
        double logit = Math.Log(estimate / (1 - estimate)), reach = half / (estimate * (1 - estimate));
        return new Interval(estimate, 1 / (1 + Math.Exp(reach - logit)), 1 / (1 + Math.Exp(-reach - logit)), level);
    }
}
