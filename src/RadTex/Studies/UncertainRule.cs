namespace RadTex.Studies;

/// <summary>What becomes of a label that a report leaves uncertain.</summary>
public enum UncertainRule
{
    /// <summary>It stays uncertain, and is left out of training and tests.</summary>
    Ignore,

    /// <summary>It counts as negative.</summary>
    Zero,

    /// <summary>It counts as positive.</summary>
    One,
}
