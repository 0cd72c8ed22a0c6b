using System.Text.Json;

namespace RadTex.Experiments.Reproduction;

/// <summary>
/// One file in, the paper's tables and figures out: datasets, protocols, pretrainings and initialisations by name (docs/reproduce.md).
/// </summary>
/// <param name="Name">What the page is called.</param>
/// <param name="Datasets">Where radiographs come from.</param>
/// <param name="Protocols">What is learnt downstream, and on which dataset.</param>
/// <param name="Pretrainings">What encoders are made here.</param>
/// <param name="Initialisations">What is compared, in the order of the tables.</param>
/// <param name="Sweep">Numbers of labels, trials and heads.</param>
/// <param name="Seed">Everything random downstream follows from it.</param>
/// <param name="Statistics">Intervals, subgroups, forecast.</param>
/// <param name="Compute">Processes, threads, types.</param>
/// <param name="Stages">Parts that can be run by themselves, by name; null for none.</param>
public sealed record ReproductionConfiguration(
    string Name, IReadOnlyDictionary<string, DatasetSettings> Datasets, IReadOnlyDictionary<string, ProtocolSettings> Protocols,
    IReadOnlyDictionary<string, PretrainingSettings> Pretrainings, IReadOnlyList<InitialisationSettings> Initialisations, SweepSettings Sweep,
    long Seed = 0,
    StatisticsSettings? Statistics = null, ReproductionCompute? Compute = null, IReadOnlyDictionary<string, StageSettings>? Stages = null)
{
    /// <summary>Intervals, subgroups, forecast; the defaults where nothing is said.</summary>
    public StatisticsSettings Statistics { get; init; } = Statistics ?? new();

    /// <summary>Processes, threads, types; the defaults where nothing is said.</summary>
    public ReproductionCompute Compute { get; init; } = Compute ?? new();

    /// <summary>The most seconds that an update of a pretraining takes; null where none are stated.</summary>
    internal double? SlowestStep => Pretrainings.Values.Max(p => p.StepSeconds);

    /// <summary>How many times the updates of its epochs a pretraining makes: of equal time the slowest's seconds over its own, else 1.</summary>
    internal double TimesUpdates(PretrainingSettings pretraining) =>
        pretraining.Updates == PartUpdates.AsSlowest ? SlowestStep!.Value / pretraining.StepSeconds!.Value : 1;

    /// <summary>One stage of it: its rows and protocols, and the datasets they need.</summary>
    /// <exception cref="UserErrorException">There is no such stage.</exception>
    public ReproductionConfiguration Stage(string name)
    {
        if (Stages is null || !Stages.TryGetValue(name, out var stage))
            throw new UserErrorException(
                $"{Name} has no stage '{name}' (expected {(Stages is { Count: > 0 } ? string.Join(", ", Stages.Keys) : "none: it has no stages")}).");
        var protocols = Protocols.Where(p => stage.Protocols?.Contains(p.Key) ?? true).ToDictionary();
        bool Has(string row, string name) => row == name || row.StartsWith($"{name}, batch ", StringComparison.Ordinal);
        InitialisationSettings[] rows =
        [
            .. Initialisations.Where(i => (stage.Initialisations?.Any(s => Has(i.Name, s)) ?? true)
                && (i.Protocols is null || i.Protocols.Any(protocols.ContainsKey)))
                .Select(i => i with { Protocols = i.Protocols is null ? null : [.. i.Protocols.Where(protocols.ContainsKey)],
                    Examples = i.Examples is null ? null : Kept(i.Examples) })
                .Where(i => i.Examples is not { Count: 0 }),
        ];
        IReadOnlyList<JsonElement> Kept(IReadOnlyList<JsonElement> sizes) =>
            stage.Examples is null ? sizes : [.. sizes.Where(s => stage.Examples.Any(e => e.GetRawText() == s.GetRawText()))];
        var datasets = protocols.Values.Select(p => p.Dataset).Concat(rows.Select(r => r.Pretraining).OfType<string>().Select(p =>
            Pretrainings[p].Dataset)).ToHashSet();
        return this with
        {
            Protocols = protocols,
            Initialisations = rows,
            Datasets = Datasets.Where(d => datasets.Contains(d.Key)).ToDictionary(),
            Sweep = Sweep with { Examples = Kept(Sweep.Examples) }
        };
    }
}
