using RadTex.Heads;

namespace RadTex.Prediction.Onnx;

/// <summary>One column of a classifier's probabilities.</summary>
/// <param name="Label">What is told, such as "Edema".</param>
/// <param name="Class">1 where there are two classes, else the grade.</param>
/// <param name="Head">The head's name in the sweep it came from.</param>
/// <param name="Examples">Labelled radiographs the head learnt from.</param>
/// <param name="Threshold">From which probability a radiograph is called positive; null where the head has none.</param>
/// <param name="Recalibrations">What was done to the head's logits since, in order; null for nothing.</param>
/// <param name="Members">The heads it is the mean of, or the one of several networks; null for a head of the model's only encoder.</param>
/// <param name="Classes">How many classes the head tells apart; 0 in models of earlier versions.</param>
public sealed record ModelOutput(
    string Label, int Class, string Head, int Examples, HeadThreshold? Threshold = null, IReadOnlyList<HeadRecalibration>? Recalibrations = null,
    IReadOnlyList<ModelMember>? Members = null, int Classes = 0)
{
    /// <summary>What the probability is of: "positive" of two classes, "class 2" of grades.</summary>
    public string Outcome => Classes > 2 ? $"class {Class}" : "positive";

    /// <summary>"positive" or "negative" by the head's own threshold; null where it has none.</summary>
    public string? DecisionAt(double probability) => Threshold is not { } own ? null : probability >= own.Probability ? "positive" : "negative";
}
