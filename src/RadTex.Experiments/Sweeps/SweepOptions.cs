using RadTex.Data;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Models;

namespace RadTex.Experiments.Sweeps;

/// <summary>What all initialisations of a sweep share.</summary>
/// <param name="Output">The folder it works in; the same call goes on there.</param>
/// <param name="Examples">Numbers N of labels; null stands for all.</param>
/// <param name="Trials">Independent draws.</param>
/// <param name="Seed">Of draws, heads and random weights.</param>
/// <param name="Views">Augmented views of each drawn radiograph, which the paper's frozen head takes one an epoch in turn; 0: it takes the centre
/// view, which every pass makes for our head.</param>
/// <param name="Augmentation">Of training views; null for the paper's.</param>
/// <param name="Compute">Where and how; null for the defaults, in batches of 64.</param>
/// <param name="RandomSide">The input side of random encoders.</param>
/// <param name="RandomChannels">The channels of random encoders.</param>
/// <param name="PatientsDiffer">Says that pretraining and test data number their patients independently.</param>
/// <param name="CheckpointEvery">Radiographs trained on between two checkpoints of a network.</param>
public sealed record SweepOptions(
    string Output, IReadOnlyList<int?> Examples, int Trials = 5, long Seed = 0, int Views = 0, AffineAugmentation? Augmentation = null,
    ComputeSettings? Compute = null, int RandomSide = 256, int RandomChannels = 1,
    bool PatientsDiffer = false, long CheckpointEvery = 20_000)
{
    /// <summary>Where and how.</summary>
    public ComputeSettings Compute { get; init; } = Compute ?? new(Batch: 64);

    /// <summary>The smallest number of labels that any initialisation asks for, on which all draws depend; null: of <see cref="Examples"/>.</summary>
    internal int? Smallest { get; init; } = Examples.Min();

    /// <summary>An augmented view that frozen encoders see of a drawn radiograph.</summary>
    internal View ViewOf(int index) => new(index, Augmentation ?? new(), Seed);
}
