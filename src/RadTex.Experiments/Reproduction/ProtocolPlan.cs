using RadTex.Experiments.Sweeps;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Reproduction;

/// <summary>What is run under a protocol.</summary>
/// <param name="Protocol">Under the configuration's name for it.</param>
/// <param name="Dataset">The folder of its dataset.</param>
/// <param name="Rows">What is compared.</param>
/// <param name="Jobs">The repeats of each pretraining that the rows name.</param>
internal sealed record ProtocolPlan(
    Protocol Protocol, string Dataset, IReadOnlyList<InitialisationSettings> Rows, IReadOnlyDictionary<string, IReadOnlyList<PretrainingJob>> Jobs)
{
    /// <summary>The plans of all protocols that belong to what is asked for.</summary>
    /// <exception cref="UserErrorException">There are none.</exception>
    internal static IReadOnlyList<ProtocolPlan> All(ReproductionConfiguration configuration, ReproductionData data, ReproductionParts parts)
    {
        ProtocolPlan[] plans = [.. configuration.Protocols.Select(p => Of(p.Key, p.Value, configuration, data, parts)).OfType<ProtocolPlan>()];
        return plans.Length > 0 ? plans : throw new UserErrorException(
            "Nothing to do: no protocol of the configuration belongs to what was asked for.");
    }

    /// <summary>The pretrainings of several plans, each once.</summary>
    internal static IEnumerable<PretrainingJob> JobsOf(IEnumerable<ProtocolPlan> plans) =>
        plans.SelectMany(p => p.Jobs.Values.SelectMany(jobs => jobs)).DistinctBy(job => job.Options.Output);

    /// <summary>The rows as a sweep takes them.</summary>
    internal SweepInitialisation[] Initialisations(ReproductionConfiguration configuration) =>
        [.. Rows.Select(row => Initialisation(row, configuration))];

    private static ProtocolPlan? Of(
        string name, ProtocolSettings settings, ReproductionConfiguration configuration, ReproductionData data, ReproductionParts parts)
    {
        var protocol = settings.Protocol is { } known ? Protocol.Find(known).With(settings.Labels) : Protocol.Of(name, settings.Labels!);
        // Table 1 and Figure 3 are of yes/no labels; graded protocols are Figure 2's.
        if (protocol.IsGraded && !parts.HasFlag(ReproductionParts.Figure2)) return null;
        InitialisationSettings[] rows =
            [.. configuration.Initialisations.Where(i => (i.Protocols?.Contains(name) ?? true) && IsWanted(i, protocol, parts))];
        if (rows.Length == 0) return null;
        var jobs = rows.Select(r => r.Pretraining).OfType<string>().Distinct().ToDictionary(p => p, p =>
        {
            var pretraining = configuration.Pretrainings[p];
            var dataset = pretraining.Dataset == "protocol" ? settings.Dataset : pretraining.Dataset;
            return (IReadOnlyList<PretrainingJob>)[.. PretrainingJob
                .Of(p, pretraining, dataset, data.FolderOf(dataset), configuration.Compute, data.Layout, configuration.TimesUpdates(pretraining))];
        });
        return new(protocol with { Name = name }, data.FolderOf(settings.Dataset), rows, jobs);
    }

    private static bool IsWanted(InitialisationSettings row, Protocol protocol, ReproductionParts parts) =>
        row.Role switch
        {
            RowRole.RadTex => true,
            RowRole.Part => parts.HasFlag(ReproductionParts.Figure3) && !protocol.IsGraded,
            RowRole.Objective => parts.HasFlag(ReproductionParts.Objectives),
            RowRole.Encoder => parts.HasFlag(ReproductionParts.Encoders),
            _ => (parts & ~ReproductionParts.Figure3) != 0,
        };

    private SweepInitialisation Initialisation(InitialisationSettings row, ReproductionConfiguration configuration)
    {
        bool fineTunes = row.Mode == RowMode.FineTune;
        var recipe = RecipeOf(row, fineTunes);
        string[] encoders =
            row.Pretraining is { } name ? [.. Jobs[name].Select(j => j.Encoder)] : row.Encoder is { Length: > 0 } one ? [one] : [];
        double? part = row.Pretraining is { } p && row.Role is RowRole.RadTex or RowRole.Part && row.Mode == RowMode.Frozen
            ? configuration.Pretrainings[row.Pretraining].Fraction
            : null;
        return new(
            row.Name, fineTunes, encoders, recipe, row.Examples is { } sizes ? ReproductionReader.Sizes(sizes) : null, row.Trials, null,
            row.Batches, row.Candidates?.Select(c => ReproductionReader.Candidate(c, recipe)).ToArray(), row.Controls, row.MissingWeights(), part)
        {
            IsCompared = row.Role is not (RowRole.Ablation or RowRole.Part or RowRole.View),
            AsksTexts = row.AsksTexts(configuration),
        };
    }

    private static PaperRecipe RecipeOf(InitialisationSettings row, bool fineTunes)
    {
        var paper = !fineTunes ? PaperRecipe.Frozen : row.IsRandom ? PaperRecipe.RandomInitialisation : PaperRecipe.FineTuning;
        return paper with
        {
            LearningRate = row.Rate ?? paper.LearningRate,
            Epochs = row.Epochs ?? paper.Epochs,
            BatchSize = row.Batch,
            Optimizer = row.Optimizer,
        };
    }
}
