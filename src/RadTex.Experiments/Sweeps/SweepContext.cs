using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary>What the stages of a sweep share.</summary>
/// <param name="Options">Sizes, trials, and where to work.</param>
/// <param name="Log">Told in lines what is done and found.</param>
/// <param name="Progress">Counts radiographs and heads.</param>
/// <param name="Cancellation">Stops where the next call can go on.</param>
internal sealed record SweepContext(SweepOptions Options, Action<string> Log, IProgress<ProgressReport>? Progress, CancellationToken Cancellation)
{
    /// <summary>The encoder that a trial starts from; random weights are those of the seed and the trial.</summary>
    internal EncoderSource Open(SweepInitialisation initialisation, int trial) =>
        EncoderSource.Open(initialisation.Encoder(trial), Options.Seed + trial, Options.RandomSide, Options.RandomChannels);

    /// <summary>What an initialisation runs of a protocol, in the draws of the whole sweep.</summary>
    internal TransferPlan PlanOf(Protocol protocol, SweepInitialisation initialisation, TrialRange trials) => new(
        protocol.Tasks, initialisation.Examples ?? Options.Examples, trials.Count, Seed: Options.Seed, Recipe: initialisation.Recipe,
        FirstTrial: trials.First, SmallestDraw: Options.Smallest);

    /// <summary>The folder of an initialisation's journal.</summary>
    internal string CellFolder(Protocol protocol, SweepInitialisation initialisation, string key) =>
        SweepLayout.Cell(Options.Output, protocol.Name, initialisation.Name, key);
}
