namespace RadTex.Prediction;

/// <summary>What a model computes of n pictures.</summary>
/// <param name="Probabilities">[n, K], row by row, in the order of the model's outputs.</param>
/// <param name="Features">[n, F], row by row: its encoder's pooled features, for the gate.</param>
public sealed record ModelAnswers(float[] Probabilities, float[] Features);
