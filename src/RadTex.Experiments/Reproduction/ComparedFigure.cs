namespace RadTex.Experiments.Reproduction;

/// <summary>The figure a comparison is of.</summary>
public enum ComparedFigure
{
    /// <summary>Area under the ROC curve over all test radiographs; of grades the mean of the cuts.</summary>
    Auc,

    /// <summary>The mean over views of the AUC among radiographs of one view: what the view alone tells is left out.</summary>
    AucWithinViews,

    /// <summary>Average precision, the paper's AUCPR.</summary>
    AveragePrecision,
}
