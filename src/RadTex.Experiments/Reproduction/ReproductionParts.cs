namespace RadTex.Experiments.Reproduction;

/// <summary>Which results are asked for: the paper's, and comparisons of one's own.</summary>
[Flags]
public enum ReproductionParts
{
    /// <summary>Table 1: AUC and AUCPR by initialisation and labels.</summary>
    Table1 = 1,

    /// <summary>Figure 2: the curves over labels, of every protocol.</summary>
    Figure2 = 2,

    /// <summary>Figure 3: AUC over the size of the pretraining set.</summary>
    Figure3 = 4,

    /// <summary>Objectives of pretraining beside each other (claim E).</summary>
    Objectives = 8,

    /// <summary>Encoders beside each other (claim F).</summary>
    Encoders = 16,

    /// <summary>Everything.</summary>
    All = Table1 | Figure2 | Figure3 | Objectives | Encoders,
}
