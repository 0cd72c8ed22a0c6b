using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>
/// What every figure of a sweep depends on. A sweep may be resumed or extended by labels, examples, trials and heads, not with another of these.
/// </summary>
/// <param name="Mode">"frozen" or "fine-tune".</param>
/// <param name="Train">Of the training features, or of the views a network is trained on.</param>
/// <param name="Test">Of the test features.</param>
/// <param name="Seed">Of draws, folds and heads.</param>
/// <param name="SmallestDraw">The smallest N: a trial is redrawn while it shows one class; 0 stands for all.</param>
/// <param name="Views">Augmented views of the paper's head; 0 for the centre view.</param>
/// <param name="Recipe">The paper's, of its head or of fine-tuning; null where <paramref name="Practical"/> stands.</param>
/// <param name="Threshold">The rule of the heads' thresholds; null for the largest Youden index.</param>
/// <param name="Choice">Among which optimisers and rates validation data choose, in words; null where one recipe stands.</param>
/// <param name="Practical">The practical recipe of fine-tuning.</param>
public sealed record TransferIdentity(
    string Mode, FeatureCard Train, FeatureCard Test, long Seed, int SmallestDraw, int Views, PaperRecipe? Recipe, string? Choice = null,
    string? Threshold = null,
    PracticalRecipe? Practical = null)
{
    /// <summary>What differs from another identity; null where nothing does.</summary>
    internal string? DifferenceFrom(TransferIdentity other) =>
        Mode != other.Mode ? $"mode {other.Mode}, not {Mode}"
        : Train.DifferenceFrom(other.Train) is { } train ? $"training {train}"
        : Test.DifferenceFrom(other.Test) is { } test ? $"test {test}"
        : Seed != other.Seed ? $"seed {other.Seed}, not {Seed}"
        : SmallestDraw != other.SmallestDraw ? $"draws of at least {other.SmallestDraw}, not {SmallestDraw}"
        : Views != other.Views ? $"{other.Views} augmented views, not {Views}"
        : Recipe != other.Recipe || Practical != other.Practical ? $"{(object?)other.Recipe ?? other.Practical}, not {(object?)Recipe ?? Practical}"
        : Choice != other.Choice ? $"{other.Choice ?? "no choice on validation data"}, not {Choice ?? "no choice on validation data"}"
        : Threshold != other.Threshold ? $"thresholds of {other.Threshold ?? HeadThreshold.YoudenRule}, not {Threshold ?? HeadThreshold.YoudenRule}"
        : null;
}
