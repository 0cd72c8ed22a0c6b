using RadTex.Experiments.Sweeps;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Phantoms;
using RadTex.Studies;

namespace RadTex.Experiments.Reproduction;

/// <summary>What a configuration says of a row, as far as claims are concerned.</summary>
internal sealed record ClaimRow(InitialisationSettings Settings, IReadOnlyList<int?> Sizes, int Trials, double? Part, string Series, string? Missing)
{
    internal const string EqualEpochs = "equal epochs", EqualUpdates = "equal updates", EqualTime = "equal time";

    /// <summary>Whether it is also asked without any label.</summary>
    internal bool IsZeroShot { get; private init; }

    /// <summary>Whether it belongs to those that are compared after equal time: trained as long as the slowest, or the slowest itself.</summary>
    internal bool IsOfEqualTime { get; private init; }

    /// <summary>Whether it belongs to those that are compared after equally many updates.</summary>
    internal bool IsOfEqualUpdates { get; private init; }

    internal string Name => Settings.Name;

    internal bool FineTunes => Settings.Mode == RowMode.FineTune;

    /// <summary>The heads it has, the paper's way first.</summary>
    internal IReadOnlyList<string> Heads => FineTunes ? [HeadKind.FineTuned.Name()] : [HeadKind.Paper.Name(), HeadKind.Logistic.Name()];

    /// <summary>All cells that it fills: a head and a number of labels each.</summary>
    internal IEnumerable<(string Head, int? Examples)> Cells => Heads.SelectMany(head => Sizes.Select(n => (head, n)))
        .Concat(IsZeroShot ? [(SweepInitialisation.ZeroShot, 0)] : []);

    /// <summary>The head that stands beside another row's: the paper's way, or our head where there is one.</summary>
    internal string HeadBeside(string head) => head == SweepInitialisation.ZeroShot ? head : FineTunes ? HeadKind.FineTuned.Name()
        : head == HeadKind.Logistic.Name() ? head : HeadKind.Paper.Name();

    /// <summary>The rows of a protocol that a configuration asks for, in its order.</summary>
    internal static IReadOnlyList<ClaimRow> Of(ReproductionConfiguration configuration, string protocol) =>
        [.. configuration.Initialisations.Where(i => i.Protocols?.Contains(protocol) ?? true)
            .Select(i => Of(configuration, i, isGraded: configuration.Protocols[protocol].Protocol is { } known && Protocol.Find(known).IsGraded))];

    private static ClaimRow Of(ReproductionConfiguration configuration, InitialisationSettings row, bool isGraded)
    {
        var pretraining = row.Pretraining is { } name ? configuration.Pretrainings[name] : null;
        int trials = row.Trials ?? configuration.Sweep.Trials;
        // Trials that share a pretraining are no independent ones.
        if (pretraining is not null) trials = Math.Min(trials, pretraining.Repeats);
        double? part = row is { Role: RowRole.RadTex or RowRole.Part, Mode: RowMode.Frozen } ? pretraining?.Fraction : null;
        return new(row, ReproductionReader.Sizes(row.Examples ?? configuration.Sweep.Examples), trials, part, SeriesOf(pretraining),
            row.MissingWeights())
        {
            IsZeroShot = !isGraded && row.AsksTexts(configuration) is not null,
            IsOfEqualTime = pretraining is { StepSeconds: { } own } && (pretraining.Updates == PartUpdates.AsSlowest
                || own == configuration.SlowestStep),
            IsOfEqualUpdates = pretraining is { Updates: PartUpdates.AsEpochs },
        };
    }

    /// <summary>The series of Figure 3 that a pretraining's point belongs to; the whole set's belongs to both.</summary>
    internal static string SeriesOf(PretrainingSettings? pretraining) =>
        pretraining is { Updates: PartUpdates.AsWhole, Fraction: < 1 } ? EqualUpdates : EqualEpochs;
}
