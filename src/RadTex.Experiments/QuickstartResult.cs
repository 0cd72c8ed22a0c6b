using RadTex.Learning.Pretraining;
using RadTex.Learning.Training;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments;

/// <summary>All that the quickstart found: <c>results.json</c>.</summary>
/// <param name="Settings">What was run.</param>
/// <param name="Pretraining">What the pretraining came to, null until it is done; its <c>loss</c> and <c>shuffled_loss</c> on held-out radiographs
/// tell whether captions depend on the picture.</param>
/// <param name="Initialisations">Each with its figures.</param>
/// <param name="Comparisons">Of the encoder pretrained on reports with the others, at each number of labels both were run at.</param>
/// <param name="Choices">What validation data chose for random initialisation.</param>
/// <param name="StageSeconds">What took how long in this call, in the order they ended; a step that an earlier call had finished takes next to
/// nothing.</param>
/// <param name="PeakMemoryBytes">The most memory the process held.</param>
/// <param name="Environment">Where it ran.</param>
public sealed record QuickstartResult(
    QuickstartSettings Settings, PretrainingResult? Pretraining, IReadOnlyList<InitialisationResult> Initialisations,
    IReadOnlyList<InitialisationComparison> Comparisons,
    IReadOnlyList<RecipeChoice> Choices, IReadOnlyList<StageTime> StageSeconds, long PeakMemoryBytes, RunEnvironment Environment)
{
    /// <summary>Whether the radiographs were synthetic: in the quickstart they are.</summary>
    public bool Synthetic => Pretraining is not { Synthetic: false };

    /// <summary>Wall clock of the call; steps that ran side by side add up to more.</summary>
    public double Seconds { get; init; }

    /// <summary>What the supervised pretraining on the same radiographs came to.</summary>
    public PretrainingResult? Supervised { get; init; }

    /// <summary>An initialisation's cell of the mean over findings; null where it was not run, or not at that N.</summary>
    public TransferCell? Mean(string initialisation, int? examples) => Initialisations.FirstOrDefault(i => i.Name == initialisation)?.Mean(examples);

    /// <summary>The comparison with one initialisation at <see cref="QuickstartSettings.Compared"/> labels; null where it was not run.</summary>
    internal InitialisationComparison? Against(string initialisation) =>
        Comparisons.FirstOrDefault(c => c.Second == initialisation && c.Examples == QuickstartSettings.Compared);
}
