namespace RadTex.Learning.Transfer;

/// <summary>The optimiser and rate that validation data chose for a task and N.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Examples">N; null for all.</param>
/// <param name="Validation">Labelled validation radiographs it was chosen on.</param>
/// <param name="Candidates">All that were tried, in the order given.</param>
/// <param name="Chosen">The place of the best among them: the largest AUC, the earlier one among equals.</param>
public sealed record RecipeChoice(string Task, int? Examples, int Validation, IReadOnlyList<RecipeScore> Candidates, int Chosen);
