namespace RadTex.Transfer;

/// <summary>What a fine-tuned trial has beyond a head's: where its network started and ended, and what it says of the test radiographs.</summary>
/// <param name="InitialSha256">Of the encoder's weights before training.</param>
/// <param name="EncoderSha256">Of its weights after training; null where it diverged.</param>
/// <param name="Recipe">As it was run: with a choice on validation data, what was chosen.</param>
/// <param name="Probabilities">[n] of class 1, or [n, C], of the task's labelled test radiographs in order; null where it diverged.</param>
public sealed record FineTunedTrial(string InitialSha256, string? EncoderSha256, PaperRecipe Recipe, double[]? Probabilities);
