namespace RadTex.Heads;

/// <summary>What <see cref="LogisticHead"/> made of a few labels.</summary>
/// <param name="Head">On raw pooled features.</param>
/// <param name="Variance">The prior variance of a logit that was taken.</param>
/// <param name="Note">Why it was not cross-validated; null where it was.</param>
/// <param name="HeldOutLogits">
/// Each example's logits by the head of the other folds at that variance: [N] of two classes that occur, else [N, classes that occur]; null where
/// there were no folds.
/// </param>
public sealed record FittedHead(LinearHead Head, double Variance, string? Note, double[]? HeldOutLogits);
