namespace RadTex.Experiments.Reproduction;

/// <summary>Which of the paper's results are asked for.</summary>
[Flags]
public enum ReproductionParts
{
    /// <summary>Table 1: AUC and AUCPR by initialisation and labels.</summary>
    Table1 = 1,

    /// <summary>Figure 2: the curves over labels, of every protocol.</summary>
    Figure2 = 2,

    /// <summary>Figure 3: AUC over the size of the pretraining set.</summary>
    Figure3 = 4,

    /// <summary>Everything.</summary>
    All = Table1 | Figure2 | Figure3,
}
