namespace RadTex.Experiments.Reproduction;

/// <summary>One file in, the paper's tables and figures out: datasets, protocols, pretrainings and initialisations by name (docs/reproduce.md).</summary>
/// <param name="Name">What the page is called.</param>
/// <param name="Datasets">Where radiographs come from.</param>
/// <param name="Protocols">What is learnt downstream, and on which dataset.</param>
/// <param name="Pretrainings">What encoders are made here.</param>
/// <param name="Initialisations">What is compared, in the order of the tables.</param>
/// <param name="Sweep">Numbers of labels, trials and heads.</param>
/// <param name="Seed">Everything random downstream follows from it.</param>
/// <param name="Statistics">Intervals, subgroups, forecast.</param>
/// <param name="Compute">Processes, threads, types.</param>
public sealed record ReproductionConfiguration(
    string Name, IReadOnlyDictionary<string, DatasetSettings> Datasets, IReadOnlyDictionary<string, ProtocolSettings> Protocols,
    IReadOnlyDictionary<string, PretrainingSettings> Pretrainings, IReadOnlyList<InitialisationSettings> Initialisations, SweepSettings Sweep, long Seed = 0,
    StatisticsSettings? Statistics = null, ComputeSettings? Compute = null)
{
    public StatisticsSettings Statistics { get; init; } = Statistics ?? new();

    public ComputeSettings Compute { get; init; } = Compute ?? new();
}
