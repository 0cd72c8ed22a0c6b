namespace RadTex.Learning.Transfer;

/// <summary>A network to train.</summary>
/// <param name="Name">Of the folder its checkpoints lie in.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Start">Its encoder at the start.</param>
/// <param name="Examples">What it is trained on.</param>
/// <param name="Recipe">How.</param>
/// <param name="Seed">Of the linear layer, the order and the views.</param>
/// <param name="Folds">Orders patients for the folds of a frozen head it may start from.</param>
internal sealed record NetworkJob(
    string Name, string Task, EncoderSource Start, NetworkExamples Examples, IFineTuningRecipe Recipe, long Seed, CounterRandom Folds)
{
    /// <summary>Radiographs it is trained on, each pass counted.</summary>
    internal double Passes => (double)Examples.Count * Recipe.Epochs;
}
