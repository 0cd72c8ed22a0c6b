using RadTex.Inspection;
using RadTex.Learning.Transfer;
using RadTex.Studies;

namespace RadTex.Experiments.Sweeps;

/// <summary>What must hold, and what a reader must know, before any figure of a sweep is made.</summary>
internal static class SweepChecks
{
    /// <summary>Throws where the settings make no sense.</summary>
    /// <exception cref="UserErrorException">A number out of range, a name twice, or a view to be fine-tuned.</exception>
    internal static void RequireSensible(SweepOptions options, IReadOnlyList<SweepInitialisation> initialisations)
    {
        if (options.Trials is < 1 or > 1000) throw new UserErrorException($"{options.Trials} trials: expected 1 to 1,000.");
        if (options.Views is < 0 or > 1000) throw new UserErrorException($"{options.Views} views: expected 0 to 1,000.");
        if (options.Compute.Workers is < 1 or > 256) throw new UserErrorException($"{options.Compute.Workers} workers: expected 1 to 256.");
        if (options.RandomSide is < 32 or > 4096) throw new UserErrorException($"An image size of {options.RandomSide}: expected 32 to 4,096.");
        if (initialisations.GroupBy(i => i.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UserErrorException($"The initialisation '{twice.Key}' stands twice. Give each a name of its own.");
        if (initialisations.FirstOrDefault(i => i.FineTunes && i.Encoders.Contains(SweepInitialisation.View)) is { } viewTuned)
            throw new UserErrorException(
                $"'{viewTuned.Name}' cannot be fine-tuned: '{SweepInitialisation.View}' is no encoder, but the radiograph's "
                    + $"view in place of one. A folder of that name is ./{SweepInitialisation.View}.");
    }

    /// <summary>What must be known of the figures: near copies of test pictures, and sides that were tried unequally often.</summary>
    /// <exception cref="UserErrorException">A test picture is among those that labels are drawn from.</exception>
    internal static string[] Warnings(IReadOnlyList<SweepData> data, IReadOnlyList<SweepInitialisation> initialisations, SweepContext context)
    {
        var dataset = data[0].Dataset;
        // Recipes are chosen on validation data; folds have none.
        var validation = data.Count == 1 && initialisations.Any(i => i is { FineTunes: true, Candidates: not null })
            ? dataset.IndicesOf(Split.Validate) : [];
        var found = data.Select(d => PictureLeaks.Require(
            dataset, [.. d.Train.Indices, .. validation], dataset, [.. TestIndices([d]).Order()], "training", context.Progress,
            context.Cancellation)).Distinct().ToArray();
        foreach (var (words, _) in found) context.Log(words);
        string[] effort = SweepEffort.Warning(initialisations) is { } unequal ? [unequal] : [];
        foreach (var line in effort) context.Log($"warning: {line}");
        return [.. found.Where(f => f.HasNearCopies).Select(f => f.Words), .. effort];
    }

    /// <summary>Requires that an initialisation's encoders saw none of the test patients.</summary>
    /// <exception cref="UserErrorException">One did.</exception>
    internal static void RequireTestUnseen(SweepInitialisation initialisation, IReadOnlyList<SweepData> data, SweepContext context)
    {
        int[] test = [.. TestIndices(data)];
        foreach (var encoder in initialisation.Encoders.Distinct().Where(e => !initialisation.IsViewOnly && !EncoderSource.IsRandomName(e)))
            context.Log(SeenCheck.Require(encoder, SeenRadiographs.Read(encoder), data[0].Dataset, test, context.Options.PatientsDiffer));
    }

    private static IEnumerable<int> TestIndices(IEnumerable<SweepData> data) =>
        data.SelectMany(d => d.Tests.Values).SelectMany(t => t.Radiographs).Select(r => r.Index).Distinct();
}
