namespace RadTex.Metrics;

/// <summary>Several AUCs and their mean.</summary>
/// <param name="Each">One a class (one-vs-rest) or one a cut (ordinal); null where it is undefined.</param>
public sealed record ClassAucs(IReadOnlyList<double?> Each)
{
    /// <summary>The unweighted mean of those that are defined; null where none is.</summary>
    public double? Mean => Each.Average();

    /// <summary>Whether every one is defined: a mean over fewer is no mean over all.</summary>
    public bool IsComplete => Each.All(a => a is not null);
}
