using RadTex.Heads;

namespace RadTex.Learning.Transfer;

/// <summary>How one candidate did on validation data.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Examples">N; null for all.</param>
/// <param name="Candidate">From 0.</param>
/// <param name="Recipe">What was tried.</param>
/// <param name="Auc">On the validation radiographs (<see cref="TransferScores.Auc"/>); null where it diverged.</param>
public sealed record RecipeScore(string Task, int? Examples, int Candidate, PaperRecipe Recipe, double? Auc);
