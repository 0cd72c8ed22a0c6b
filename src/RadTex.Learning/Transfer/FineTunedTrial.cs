namespace RadTex.Learning.Transfer;

/// <summary>What a fine-tuned trial has beyond a head's: where its network started and ended, and what it says of the test radiographs.</summary>
/// <param name="InitialSha256">Of the encoder's weights before training.</param>
/// <param name="EncoderSha256">Of its weights after training; null where it diverged.</param>
/// <param name="Recipe">The paper's, as it was run: with a choice on validation data, what was chosen. Null where <paramref name="Practical"/> was
/// run.</param>
/// <param name="Probabilities">[n] of class 1, or [n, C], of the task's labelled test radiographs in order; null where it diverged.</param>
/// <param name="Practical">The practical recipe, where that was run.</param>
/// <param name="Moved">How far training took the encoder; null where it diverged.</param>
public sealed record FineTunedTrial(
    string InitialSha256, string? EncoderSha256, PaperRecipe? Recipe, double[]? Probabilities, PracticalRecipe? Practical = null,
    MovedWeights? Moved = null);
