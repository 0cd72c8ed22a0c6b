namespace RadTex.Reporting;

/// <summary>How a word stands out in a text that is compared with another.</summary>
public enum WordMark
{
    /// <summary>It does not stand out.</summary>
    None,

    /// <summary>Both say the same.</summary>
    Agrees,

    /// <summary>One says what the other denies.</summary>
    Contradicts,

    /// <summary>The other says nothing of it.</summary>
    Unmatched,
}
