namespace RadTex.Metrics.Agreement;

/// <summary>What a disagreement of two categories counts.</summary>
public enum DisagreementWeight
{
    /// <summary>Categories are names: every disagreement counts the same.</summary>
    Nominal,

    /// <summary>Categories are ranks: |a - b| for kappa; for Krippendorff's alpha the squared number of ratings between them.</summary>
    Ordinal,

    /// <summary>Categories are equal steps: (a - b)².</summary>
    Interval,
}

internal static class DisagreementWeights
{
    /// <summary>The weight of a disagreement, 0 for none, 1 for the largest.</summary>
    internal static double Of(this DisagreementWeight weighting, int a, int b, int categories)
    {
        double distance = Math.Abs(a - b) / (double)(categories - 1);
        return weighting switch
        {
            DisagreementWeight.Nominal => a == b ? 0 : 1,
            DisagreementWeight.Ordinal => distance,
            _ => distance * distance,
        };
    }
}
