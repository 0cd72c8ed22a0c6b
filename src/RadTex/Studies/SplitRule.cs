namespace RadTex.Studies;

/// <summary>Where the splits come from.</summary>
public enum SplitRule
{
    /// <summary>The archive's own where it has one, else by a hash of the patient.</summary>
    Auto,

    /// <summary>The archive's own; an error where it has none.</summary>
    Official,

    /// <summary>By a hash of the patient, whatever the archive says.</summary>
    Hash,
}
