using System.ComponentModel.DataAnnotations;

namespace RadTex.Learning.Training;

/// <summary>Section <c>log</c> of a configuration: what a run writes down and when. It changes no weight, so a resumed run may change it.</summary>
/// <param name="EverySteps">Updates between two lines of the log; a line holds the means over them.</param>
/// <param name="CheckpointEverySteps">Updates between two checkpoints; 0 for one an epoch.</param>
/// <param name="KeepCheckpoints">How many checkpoints are kept, the newest.</param>
/// <param name="ValidateEveryEpochs">Epochs between two validations; 0 for none.</param>
/// <param name="PrefetchBatches">Batches made ahead on a thread of their own; 0 to make each when it is needed.</param>
public sealed record LogSettings(
    [property: Range(1, int.MaxValue)] int EverySteps = 20, [property: Range(0, int.MaxValue)] int CheckpointEverySteps = 0,
    [property: Range(1, int.MaxValue)] int KeepCheckpoints = 2, [property: Range(0, int.MaxValue)] int ValidateEveryEpochs = 1,
    [property: Range(0, 64)] int PrefetchBatches = 2);
