using RadTex.Heads;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary>Features with labels that must tell nothing, and with the view as the label: what else the features tell than findings.</summary>
internal static class NegativeControls
{
    /// <summary>Labels dealt out anew: a head on them must reach 0.5.</summary>
    internal const string Shuffled = "shuffled labels";

    /// <summary>The view, AP or PA, in place of a finding.</summary>
    internal const string ViewAsLabel = "view as label";

    private const ulong Stream = 0x436F6E74726F6C; // "Control"

    /// <summary>The features with shuffled training labels, and what of the plans can be run on them.</summary>
    internal static (FrozenFeatures Features, IEnumerable<TransferPlan> Plans) OfShuffledLabels(
        FrozenFeatures features, IReadOnlyList<TransferPlan> plans)
    {
        var known = Known(features.Train);
        var train = known.WithLabels(features.Train.LabelNames, Shuffle(known, plans[0].Seed, plans[0].FirstTrial));
        return (features with { Train = train, Views = [] }, Possible(train, features.Test, plans));
    }

    /// <summary>The features with the view as their one label, and what of the first plan can be run on them.</summary>
    internal static (FrozenFeatures Features, IEnumerable<TransferPlan> Plans) OfViewAsLabel(
        FrozenFeatures features, IReadOnlyList<TransferPlan> plans)
    {
        var (train, test) = (ByView(Known(features.Train)), ByView(Known(features.Test)));
        return (
            features with { Train = train, Views = [], Test = test },
            Possible(train, test, [plans[0] with { Tasks = [new("anteroposterior")] }]));
    }

    // Only radiographs whose features are there may be drawn: other labels make other draws.
    private static RadiographFeatures Known(RadiographFeatures features) => features.Where(features.Has);

    private static IEnumerable<TransferPlan> Possible(RadiographFeatures train, RadiographFeatures test, IEnumerable<TransferPlan> plans) =>
        plans.SelectMany(p => SweepData.Plans(p with { Heads = [HeadKind.Logistic] }, train.Pool, test.Pool));

    private static RadiographFeatures ByView(RadiographFeatures features) => features.WithLabels(["anteroposterior"], i =>
    {
        var view = features.Radiographs[i].View;
        return view.StartsWith("AP", StringComparison.OrdinalIgnoreCase) ? [1.0]
            : view.StartsWith("PA", StringComparison.OrdinalIgnoreCase) ? [0.0] : [null];
    });

    /// <summary>
    /// Each label's definite values dealt out anew among the radiographs that have one; once an encoder, since one deal may by chance go along with
    /// what features tell best.
    /// </summary>
    private static Func<int, IReadOnlyList<double?>> Shuffle(RadiographFeatures features, long seed, int trial)
    {
        var labels = features.Radiographs.Select(r => r.Labels.ToArray()).ToArray();
        for (int column = 0; column < features.LabelNames.Count; column++)
        {
            int[] rows = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i][column] is >= 0)];
            int[] order = new CounterRandom((ulong)seed, (ulong)column, Stream, (ulong)trial).Permutation(rows.Length);
            double?[] values = [.. order.Select(o => features.Radiographs[rows[o]].Labels[column])];
            for (int i = 0; i < rows.Length; i++) labels[rows[i]][column] = values[i];
        }
        return i => labels[i];
    }
}
