using RadTex.Data;
using RadTex.Experiments.Sweeps;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Native;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Transfer;
using RadTex.Learning.ZeroShot;
using RadTex.Studies;

namespace RadTex.Experiments.Reproduction;

/// <summary>The time a configuration will take, from counts of radiographs and measured rates. Archives that are not prepared yet count as large as
/// they are said to be.</summary>
internal static class PlanCosts
{
    /// <summary>Radiographs of phantoms that have a report, and train/test parts where an archive's own split is not known.</summary>
    private const string Stated = "step_seconds of the configuration, whose comments say where they were measured";

    private const double WithText = 0.954, TrainPart = 0.96, TestPart = 0.02;

    internal static IReadOnlyList<PlannedCost> Of(ReproductionConfiguration configuration)
    {
        var counts = new Dictionary<(WorkKind, NetworkSize?), double>();
        void Add(WorkKind work, NetworkSize? network, double count) => counts[(work, network)] = counts.GetValueOrDefault((work, network)) + count;
        Add(WorkKind.Drawing, null, configuration.Datasets.Values.Select(d => d.Phantoms).OfType<PhantomSettings>().Distinct().Sum(p =>
            (double)p.Count));
        var made = new HashSet<(string, string)>();
        var stated = new List<PlannedCost>();
        foreach (var (name, protocol) in configuration.Protocols)
        {
            var rows = ClaimRow.Of(configuration, name).Where(r => r.Missing is null).ToList();
            foreach (var row in rows.Where(r => r.Settings.Pretraining is not null))
            {
                var settings = configuration.Pretrainings[row.Settings.Pretraining!];
                var dataset = settings.Dataset == "protocol" ? protocol.Dataset : settings.Dataset;
                if (!made.Add((row.Settings.Pretraining!, dataset))) continue;
                var pretraining = settings.Configuration();
                double part = settings.Updates == PartUpdates.AsWhole ? 1 : settings.Fraction,
                    one = pretraining.Training.Epochs * Train(configuration.Datasets[dataset]) * part;
                if (pretraining.Training.MaxSteps > 0) one = Math.Min(one, (double)pretraining.Training.MaxSteps * pretraining.Training.BatchSize);
                one *= settings.Repeats * configuration.TimesUpdates(settings);
                if (settings.StepSeconds is { } step)
                {
                    double rate = configuration.Compute.PretrainingProcesses * pretraining.Training.BatchSize / step;
                    stated.Add(new($"pretraining '{row.Settings.Pretraining}'", one, rate, one / rate, Stated));
                }
                else Add(KindOf(pretraining.Objective), SizeOf(pretraining), one);
            }
            int tasks = protocol.Labels?.Count ?? (protocol.Protocol is { } known ? Protocol.Find(known).Tasks.Count : 1);
            foreach (var row in rows.Where(r => r.Settings.Encoder != SweepInitialisation.View)) Downstream(configuration,
                configuration.Datasets[protocol.Dataset], row, tasks, Add);
            foreach (var family in ClaimFamilies.Of(configuration, name, isGraded: protocol.Protocol is { } p && Protocol.Find(p).IsGraded))
                // Two cells, within views and over all.
                Add(WorkKind.Statistics, null, 4.0 * family.Comparisons.Sum(c =>
                    (double)c.Trials) * configuration.Statistics.Resamples * tasks * Test(configuration.Datasets[protocol.Dataset]));
            // The page's other comparisons, within views and over all, and every cell's interval.
            Add(WorkKind.Statistics, null, rows.Sum(r =>
                5.0 * r.Heads.Count * r.Sizes.Count * r.Trials) * configuration.Statistics.Resamples * tasks * Test(
                    configuration.Datasets[protocol.Dataset]));
        }
        return
        [
            .. stated, .. counts.Where(c => c.Value > 0).OrderBy(c => c.Key.Item1).Select(c =>
            {
                var (rate, where) = WorkRates.Of(c.Key.Item1, c.Key.Item2);
                return new PlannedCost($"{Name(c.Key.Item1)}{(c.Key.Item2 is { } network ? $" ({network})" : "")}", c.Value, rate, c.Value / rate,
                    where);
            }),
        ];
    }

    private static void Downstream(ReproductionConfiguration configuration, DatasetSettings dataset, ClaimRow row, int tasks, Action<WorkKind,
        NetworkSize?, double> add)
    {
        var size = SizeOf(configuration, row);
        double labelled = Labelled(dataset), each = row.Sizes.Sum(n => Math.Min(n ?? labelled, labelled));
        if (row.FineTunes)
        {
            int epochs = row.Settings.Epochs ?? (row.Settings.IsRandom ? PaperRecipe.RandomInitialisation : PaperRecipe.FineTuning).Epochs,
                trials = row.Settings.Trials ?? configuration.Sweep.Trials;
            add(WorkKind.FineTuning, size, tasks * (double)epochs * each * (trials + (row.Settings.Candidates?.Count ?? 0)));
            return;
        }
        int asked = row.Settings.Trials ?? configuration.Sweep.Trials, encoders = row.Settings.Pretraining is not null || row.Settings.IsRandom
            ? row.Trials : 1;
        add(WorkKind.Encoding, size, encoders * (Train(dataset, withText: false) * (1.0 + configuration.Sweep.Views) + Test(dataset)));
        add(WorkKind.Heads, null, (double)tasks * asked * row.Sizes.Count * (2 + (row.Settings.Batches?.Count ?? 0)
            + (row.Settings.Controls ? 1 : 0)));
        if (row.IsZeroShot) add(WorkKind.Asking, size, row.Trials * Test(dataset) * tasks * FindingPrompts.Of("").Count);
    }

    private static WorkKind KindOf(PretrainingObjective objective) => objective switch
    {
        LabelsObjective => WorkKind.Labels,
        CaptioningObjective { Directions: CaptionDirections.Forward } => WorkKind.CaptioningForward,
        CaptioningObjective => WorkKind.Captioning,
        _ => WorkKind.OtherObjective,
    };

    private static double Train(DatasetSettings dataset, bool withText = true)
    {
        if (Manifest(dataset) is { } manifest) return manifest.Splits.TryGetValue("train", out var counts) ? counts.Radiographs : 0;
        if (dataset.Phantoms is { } phantoms) return phantoms.Count * (withText && dataset.RequireText != false ? WithText : 1) * Fraction(dataset,
            f => f.Train, TrainPart);
        return (dataset.Expected?.Radiographs ?? 0) * Fraction(dataset, f => f.Train, TrainPart);
    }

    private static double Labelled(DatasetSettings dataset) => dataset.Expected?.Labelled ?? Train(dataset, withText: false);

    private static double Test(DatasetSettings dataset) =>
        Manifest(dataset) is { } manifest ? manifest.Splits.TryGetValue("test", out var counts) ? counts.Radiographs : 0
        : dataset.Expected?.Tested ?? (dataset.Phantoms?.Count ?? dataset.Expected?.Radiographs ?? 0) * Fraction(dataset, f => f.Test, TestPart);

    private static double Fraction(DatasetSettings dataset, Func<SplitFractions, double> part, double otherwise) => dataset.Split == "hash"
        ? part(SplitFractions.Parse(dataset.Fractions)) : otherwise;

    private static DatasetManifest? Manifest(DatasetSettings dataset) =>
        dataset.Prepared is { } folder && File.Exists(Path.Combine(folder, DatasetFiles.Manifest))
            ? DatasetManifest.Read(Path.Combine(folder, DatasetFiles.Manifest)) : null;

    private static NetworkSize SizeOf(PretrainingConfiguration pretraining) =>
        new(pretraining.Model.Backbone, pretraining.Model.BackboneWidth, pretraining.Image.Size);

    private static NetworkSize SizeOf(ReproductionConfiguration configuration, ClaimRow row)
    {
        if (row.Settings.Pretraining is { } name) return SizeOf(configuration.Pretrainings[name].Configuration());
        var first = configuration.Pretrainings.Values.FirstOrDefault();
        int side = first is null ? 256 : first.Configuration().Image.Size;
        if (row.Settings.IsRandom)
        {
            var parts = row.Settings.Encoder!.Split(':');
            return new(parts.ElementAtOrDefault(1) ?? "resnet50", parts.Length > 2 && PlainNumber.TryParse(parts[2], out int width) ? width : 64,
                side);
        }
        TorchLibrary.EnsureLoaded();
        var (encoder, card) = EncoderFolder.Read(row.Settings.Encoder!);
        using (encoder) return new(card.Architecture, card.Width, card.ImageSize);
    }

    private static string Name(WorkKind work) => work switch
    {
        WorkKind.Drawing => "drawing and preparing",
        WorkKind.Captioning => "pretraining on reports",
        WorkKind.CaptioningForward => "pretraining on reports, forwards alone",
        WorkKind.OtherObjective => "pretraining on reports, other objectives",
        WorkKind.Labels => "supervised pretraining",
        WorkKind.Asking => "texts asked of radiographs",
        WorkKind.FineTuning => "networks trained whole",
        WorkKind.Encoding => "frozen encoders",
        WorkKind.Heads => "heads",
        _ => "statistics",
    };
}
