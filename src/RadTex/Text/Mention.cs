namespace RadTex.Text;

/// <summary>How a text speaks of a finding; of several mentions the greater one counts.</summary>
public enum Mention
{
    /// <summary>The text says it is not there.</summary>
    Negative,

    /// <summary>The text leaves it open: "possible", "cannot be excluded".</summary>
    Uncertain,

    /// <summary>The text says it is there.</summary>
    Positive,
}
