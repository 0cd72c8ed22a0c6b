using RadTex.Data;
using RadTex.Learning.Models;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>What a <see cref="PretrainingObjective"/> makes its task of.</summary>
/// <param name="Configuration">Network, images, batches, seed; precision is resolved.</param>
/// <param name="Dataset">Open for as long as the task lives; stays the program's.</param>
/// <param name="Vocabulary">The run's; null for an objective that does not read reports.</param>
/// <param name="Device">Where the model shall lie.</param>
/// <param name="Log">Told in lines what was found in the dataset.</param>
/// <param name="Cancellation">Stops the making.</param>
public sealed record PretrainingInputs(
    PretrainingConfiguration Configuration, PreparedDataset Dataset, WordPieceVocabulary? Vocabulary, Device Device, Action<string> Log,
    CancellationToken Cancellation)
{
    /// <summary>What the models of a sum's further terms take from the first's; null for a model that is all its own.</summary>
    internal SharedParts? Shared { get; init; }
}
