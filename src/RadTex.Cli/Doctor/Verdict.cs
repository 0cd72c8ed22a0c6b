namespace RadTex.Cli.Doctor;

/// <summary>What a check of this machine comes to.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Something works more slowly or not at all; everything else does.</summary>
    Limited,

    /// <summary>A part that RadTex has for this platform does not load.</summary>
    Broken,
}
