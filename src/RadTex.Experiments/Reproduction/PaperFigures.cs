namespace RadTex.Experiments.Reproduction;

/// <summary>What the paper states: Table 1 (mean over Pathology9's nine labels and five trials), and its claims.</summary>
public static class PaperFigures
{
    /// <summary>The rows of Table 1 by the name a configuration gives them: AUC and AUCPR at 100% (null), 1,000, 100 and 10 labels.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<PaperFigure>> Rows { get; } = new Dictionary<string, IReadOnlyList<PaperFigure>>
    {
        ["random"] = [new(null, 0.770, 0.851), new(1000, 0.628, 0.800), new(100, 0.536, 0.751), new(10, 0.549, 0.762)],
        ["imagenet"] = [new(null, 0.763, 0.849), new(1000, 0.688, 0.820), new(100, 0.586, 0.770), new(10, 0.555, 0.761)],
        ["cxr14"] = [new(null, 0.801, 0.855), new(1000, 0.738, 0.833), new(100, 0.688, 0.816), new(10, 0.608, 0.797)],
        ["radtex-frozen"] = [new(null, 0.785, 0.853), new(1000, 0.785, 0.852), new(100, 0.752, 0.844), new(10, 0.675, 0.817)],
        ["radtex-unfrozen"] = [new(null, 0.762, 0.849), new(1000, 0.757, 0.843), new(100, 0.734, 0.840), new(10, 0.670, 0.822)],
    };

    /// <summary>The columns of Table 1.</summary>
    public static IReadOnlyList<int?> Columns { get; } = [null, 1000, 100, 10];

    /// <summary>Claim A: ahead of supervised initialisations below this many labels.</summary>
    public const int AheadBelow = 1000;

    /// <summary>Claim B as the paper states it: RadTex Frozen at 100 labels (0.752 / 0.844) below the best model at all labels (0.801 /
    /// 0.855).</summary>
    public const double LossOfAuc = 0.05, LossOfAveragePrecision = 0.01;

    /// <summary>The other reading of claim B, from Table 1: RadTex Frozen at 100 labels below itself at all labels (0.785 / 0.853).</summary>
    public const double OwnLossOfAuc = 0.033, OwnLossOfAveragePrecision = 0.009;

    /// <summary>Claim C: image-text pairs that are necessary.</summary>
    public const int NecessaryPairs = 100_000;

    /// <summary>Section 3.4: with half of the pretraining patients AUC at 100 labels drops by this; less data does "significantly worse".</summary>
    public const double HalfDrop = 0.03;
}
