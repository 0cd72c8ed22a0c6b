namespace RadTex.Learning.Transfer;

/// <summary>Which fine-tuned networks are written to disk, to be exported and used to predict.</summary>
public enum KeptNetworks
{
    /// <summary>
    /// Of each label those of the largest N, of as many trials as fit into <see cref="NetworkFolder.MostBytes"/> in all, the first at least.
    /// </summary>
    Largest,

    /// <summary>Every one, whatever room they take.</summary>
    All,

    /// <summary>None: figures alone.</summary>
    None,
}
