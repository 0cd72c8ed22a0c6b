using RadTex.Heads;
using RadTex.Metrics;

namespace RadTex.Prediction.Evaluation;

/// <summary>How a model does at one question.</summary>
/// <param name="Name">Such as "Edema".</param>
/// <param name="Head">The head's name.</param>
/// <param name="Examples">Labelled radiographs the head learnt from.</param>
/// <param name="Column">The label's column in the data.</param>
/// <param name="Threshold">The head's own; null where it has none: then no decision is evaluated.</param>
/// <param name="Recalibrations">What was done to the head's logits since it was trained.</param>
/// <param name="Figures">On all that were judged.</param>
/// <param name="Uncertain">Left out for a label below 0.</param>
/// <param name="Blank">Left out for want of a label.</param>
/// <param name="NotJudged">Labelled radiographs that were left out because their pictures were not judged: [negative, positive].</param>
/// <param name="Subgroups">By what the data say of patients and pictures.</param>
/// <param name="Roc">At most 200 points.</param>
/// <param name="PrecisionRecall">At most 200 points.</param>
public sealed record QuestionEvaluation(
    string Name, string Head, int Examples, string Column, HeadThreshold? Threshold, IReadOnlyList<HeadRecalibration> Recalibrations,
        BinaryEvaluation Figures, int Uncertain, int Blank,
    IReadOnlyList<int> NotJudged, IReadOnlyList<SubgroupEvaluation> Subgroups, IReadOnlyList<CurvePoint> Roc,
    IReadOnlyList<CurvePoint> PrecisionRecall);
