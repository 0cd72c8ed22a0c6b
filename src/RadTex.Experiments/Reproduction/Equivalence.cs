using MathNet.Numerics.Distributions;

namespace RadTex.Experiments.Reproduction;

/// <summary>What two one-sided tests can show of two ways of training that are alike.</summary>
internal static class Equivalence
{
    /// <summary>The chance that two ways of equal mean are shown to be within a margin, over the difference's and the deviation's sampling.</summary>
    /// <param name="margin">The margin.</param>
    /// <param name="trialDeviation">The true deviation of a trial's difference.</param>
    /// <param name="trials">n, at least 2.</param>
    /// <param name="patientVariance">Of the mean difference.</param>
    /// <param name="level">Of each of the two tests, such as 0.05.</param>
    internal static double Chance(double margin, double trialDeviation, int trials, double patientVariance, double level)
    {
        double error = Math.Sqrt(trialDeviation * trialDeviation / trials + patientVariance), t = -StudentT.InvCDF(0, 1, trials - 1, level),
            z = -Normal.InvCDF(0, 1, level);
        const int Steps = 400;
        double chance = 0;
        for (int i = 0; i < Steps; i++)
        {
            double ratio = ChiSquared.InvCDF(trials - 1, (i + 0.5) / Steps) / (trials - 1);
            double half = Math.Sqrt(t * t * ratio * trialDeviation * trialDeviation / trials + z * z * patientVariance);
            if (half < margin) chance += (1 - 2 * Normal.CDF(0, 1, -(margin - half) / error)) / Steps;
        }
        return chance;
    }
}
