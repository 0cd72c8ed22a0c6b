using RadTex.Learning.Training;

namespace RadTex.Learning.Transfer;

/// <summary>An optimiser and a rate among which validation data choose, such as "sgd:0.02".</summary>
/// <param name="Optimizer">SGD with momentum, or AdamW.</param>
/// <param name="LearningRate">The highest of the schedule, above 0.</param>
public sealed record RecipeCandidate(OptimizerKind Optimizer, double LearningRate)
{
    /// <summary>Reads one.</summary>
    /// <param name="name">What it is, as the message names it.</param>
    /// <param name="text">Such as "adamw:0.001".</param>
    /// <exception cref="UserErrorException">It is none.</exception>
    public static RecipeCandidate Parse(string name, string text) =>
        text.Split(':') is [("sgd" or "adamw") and var optimizer, var number] && PlainNumber.TryParse(number, out double rate) && rate > 0
            ? new(optimizer == "sgd" ? OptimizerKind.Sgd : OptimizerKind.AdamW, rate)
            : throw new UserErrorException($"{name} '{text}': expected an optimiser and a rate, such as sgd:0.02 or adamw:0.001.");

    /// <summary>A recipe with this optimiser and rate.</summary>
    public PaperRecipe Of(PaperRecipe recipe) => recipe with { Optimizer = Optimizer, LearningRate = LearningRate };
}
