namespace RadTex.Onnx;

/// <summary>One column of a classifier's probabilities.</summary>
/// <param name="Label">What is told, such as "Edema".</param>
/// <param name="Class">1 where there are two classes, else the grade.</param>
/// <param name="Head">The head's name in the sweep it came from.</param>
/// <param name="Examples">Labelled radiographs the head learnt from.</param>
public sealed record ModelOutput(string Label, int Class, string Head, int Examples);
