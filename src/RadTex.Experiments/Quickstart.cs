using System.Diagnostics;
using System.Text.Json;
using RadTex.Data;
using RadTex.Files;
using RadTex.Heads;
using RadTex.Learning.Models.Decoding;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Reading;
using RadTex.Learning.Training;
using RadTex.Learning.Transfer;
using RadTex.Phantoms;
using RadTex.Preparing;
using RadTex.Reporting;
using RadTex.Studies;
using RadTex.Studies.Archives;

namespace RadTex.Experiments;

/// <summary>
/// The paper's idea shown to a newcomer on synthetic radiographs, no patient data needed: phantoms are drawn and prepared, an encoder is
/// pretrained on their reports, and heads trained on few labels are compared with those on an encoder that learnt the same radiographs' labels
/// and with networks that start from random weights. Leaves <c>report.html</c>, <c>results.json</c> and the curve over labels as
/// <c>curve.svg</c> and <c>curve.png</c>. Every step resumes: the same call goes on where an interrupted one stopped.
/// </summary>
/// <param name="Folder">Where everything goes.</param>
/// <param name="Settings">What to run.</param>
public sealed record Quickstart(string Folder, QuickstartSettings Settings)
{
    public const string Pretrained = "RadTex, frozen", PretrainedPaperHead = "RadTex, frozen, paper's head",
        Supervised = "supervised pretraining, frozen",
        SupervisedPaperHead = "supervised pretraining, frozen, paper's head", RandomFrozen = "random weights, frozen",
        Random = "random initialisation", RandomChosen = "random initialisation, recipe chosen", ViewOnly = "view only";

    private static readonly JsonSerializerOptions Format = JsonFormat.Indented;

    /// <summary>The page to read.</summary>
    public string ReportFile => Path.Combine(Folder, "report.html");

    public string ResultsFile => Path.Combine(Folder, "results.json");

    /// <summary>The curve over labels without its ending: <c>.svg</c>, and <c>.png</c> where libvips draws one.</summary>
    public string CurveFile => Path.Combine(Folder, "curve");

    /// <summary>The pretraining's run.</summary>
    public string RunFolder => Path.Combine(Folder, "run");

    /// <summary>The supervised pretraining's run.</summary>
    public string SupervisedFolder => Path.Combine(Folder, "run-supervised");

    /// <summary>Runs every step that is not done yet.</summary>
    /// <param name="say">Told in lines what is done and found.</param>
    /// <param name="progress">Told how far each step is.</param>
    /// <param name="cancellation">Stops where the next call can go on.</param>
    /// <exception cref="UserErrorException">The folder holds something else, or cannot be written.</exception>
    public QuickstartResult Run(Action<string> say, IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        Settings.Validated();
        using var claim = OutputFolder.Open(Folder, FolderKind.Quickstart);
        var times = new List<StageTime>();
        T Timed<T>(string stage, Func<IProgress<ProgressReport>, T> work)
        {
            var clock = Stopwatch.StartNew();
            var result = work(new Staged(progress, $"{times.Count + 1}/{StageCount} "));
            times.Add(new(stage, Math.Round(clock.Elapsed.TotalSeconds, 1)));
            return result;
        }
        // Two sets of phantoms, of different patients: one with reports to pretrain on, one with labels.
        ulong seed = 2 * (ulong)Settings.Seed;
        string Draw(string name, int count, ulong from) => Timed($"drawing {count:N0} radiographs ({name})", p =>
        {
            var archive = Path.Combine(Folder, $"{name}-phantoms");
            PhantomArchive.Write(
                new(count, from, Settings.DrawnSide, Settings.Difficulty, PhantomReportStyle.Systematic), archive, false, 0, p, cancellation);
            return archive;
        });
        var configuration = Configuration();
        string Prepare(string name, string archive, SplitFractions split) => Timed($"preparing ({name})", p =>
        {
            var output = Path.Combine(Folder, $"{name}-dataset");
            // The labels are what was drawn, not what reports say: with phantoms the truth is known.
            string[] truth = [Path.Combine(archive, "phantom-truth.csv.gz")];
            var options = new StudyOptions(Split: SplitRule.Hash, Fractions: split, Seed: (int)Settings.Seed, ExtraLabels: truth);
            DatasetPreparation.Run(
                new MimicCxrJpgSource(archive, new MimicOptions(Labels: "none")), new PreparationOptions(output, options, configuration.Image.Size),
                null, p, cancellation);
            DatasetVerifier.Verify(output, p, cancellation);
            return output;
        });
        var (toRead, toLabel) = (Draw("pretraining", Settings.PretrainingCount, seed), Draw("labelled", Settings.LabelledCount, seed + 1));
        var reading = Prepare("pretraining", toRead, new(0.95, 0.05, 0));
        using var labelled = PreparedDataset.Open(Prepare("labelled", toLabel, QuickstartSettings.LabelledSplit));
        CheckPatientsDiffer(reading, labelled);

        // One thread: two gain nothing at this size, and lose much beside a busy process.
        var pretraining = Timed("pretraining on reports", p => PretrainingProgram.Run(
            new(reading, RunFolder, configuration, Threads: 1), say, p, cancellation));
        // The same radiographs, epochs, batches, views and optimiser: only what is learnt differs.
        var supervised = Timed("pretraining on labels", p => SupervisedPretraining.Run(
            new(reading, SupervisedFolder, configuration, Threads: 1), QuickstartSettings.SupervisedLabels, say, p, cancellation));
        var initialisations = new List<InitialisationResult>();
        IReadOnlyList<TransferCell>? viewOnly = null;
        void Frozen(string name, string? paperHead, string folder, string encoder, Func<EncoderSource> open) => Timed($"heads on {encoder}", p =>
        {
            using var source = open();
            HeadKind[] heads = paperHead is null ? [HeadKind.Logistic] : [HeadKind.Logistic, HeadKind.Paper];
            var plan = new TransferPlan(Tasks, QuickstartSettings.FrozenExamples, Settings.Trials, heads, Settings.Seed);
            var result = FrozenTransfer.Run(new(source), labelled, labelled, new(plan, Path.Combine(Folder, folder)), p, cancellation);
            var cells = result.Cells();
            viewOnly ??= result.ViewOnly;
            initialisations.Add(new(
                name, $"{encoder}, frozen; L2 logistic regression on standardised features, solved to convergence",
                [.. cells.Where(c => c.Head == HeadKind.Logistic)]));
            if (paperHead is not null)
                initialisations.Add(new(
                    paperHead, $"{encoder}, frozen; the paper's linear layer (SGD, rate {plan.Recipe.LearningRate}, {plan.Recipe.Epochs} epochs)",
                    [.. cells.Where(c => c.Head == HeadKind.Paper)]));
            return true;
        });
        Frozen(
            Pretrained, PretrainedPaperHead, "transfer-pretrained", "the encoder pretrained on reports",
            () => EncoderSource.Open(pretraining.EncoderFolder, 0, configuration.Image.Size));
        Frozen(
            Supervised, SupervisedPaperHead, "transfer-supervised", "the encoder pretrained on labels",
            () => EncoderSource.Open(supervised.EncoderFolder, 0, configuration.Image.Size));
        Frozen(
            RandomFrozen, null, "transfer-random-measured", "an encoder of random weights (norms: scales 1, statistics of training radiographs)",
            () => Fresh(configuration, Settings.Seed));

        var recipe = PaperRecipe.RandomInitialisation;
        if (Settings.RandomEpochs is { } epochs) recipe = recipe with { Epochs = epochs };
        // The smallest draw is the heads', so that all draws are the same radiographs and differences are paired.
        int? smallest = QuickstartSettings.FrozenExamples.Min();
        TransferResult Whole(string stage, string folder, IReadOnlyList<int?> examples, IReadOnlyList<PaperRecipe>? candidates) =>
            Timed(stage, p => FineTuning.Run(
            trial => Fresh(configuration, Settings.Seed + trial), labelled, labelled,
            new(
                new(
                    Tasks, examples, Settings.Trials, Seed: Settings.Seed, Recipe: recipe, Workers: Environment.ProcessorCount,
                    SmallestDraw: smallest),
                Path.Combine(Folder, folder), Candidates: candidates, Augmentation: configuration.Augmentation, EvaluationBatch: 128,
                Keep: KeptNetworks.None), p, cancellation));
        var random = Whole("networks from random weights, the paper's recipe", "transfer-random", QuickstartSettings.RandomExamples, null);
        initialisations.Add(new(
            Random,
            $"the same network from random weights, trained whole as the paper trains it (SGD, rate {recipe.LearningRate}, {recipe.Epochs} epochs)",
            random.Cells()));
        var chosen = Whole(
            "networks from random weights, recipe chosen", "transfer-random-choice", [QuickstartSettings.Compared],
            QuickstartSettings.Candidates(recipe));
        initialisations.Add(
            new(RandomChosen, "as before, optimiser and rate chosen on validation data for each finding among "
                + $"{string.Join(", ", QuickstartSettings.Candidates(recipe).Select(c => c.Name))}; {QuickstartSettings.Compared} "
                + "labels only", chosen.Cells()));

        // Sicker patients are radiographed lying: what "AP" alone tells, on the same draws.
        if (viewOnly is { Count: > 0 })
            initialisations.Add(new(ViewOnly, "no picture: L2 logistic regression on the radiograph's view, AP or PA", viewOnly));

        InitialisationResult Result(string name) => initialisations.First(i => i.Name == name);
        var comparisons =
            from pair in Compared
            where initialisations.Any(i => i.Name == pair.Second)
            from n in QuickstartSettings.FrozenExamples.OfType<int>()
            let comparison = InitialisationComparison.Of(Result(pair.First), Result(pair.Second), n)
            where comparison is not null
            select comparison;
        var reports = Timed("reading", _ =>
        {
            // The first test radiographs, not picked by how well they are read.
            using var reader = RadiographReader.Open(RunFolder);
            var images = ReadingInputs.Of(reader.Card).OfSplit(labelled, Split.Test, ShownRadiographs, withText: true);
            return reader.Read(images, new BeamSearch(), cancellation: cancellation).ToArray();
        });
        using var self = Process.GetCurrentProcess();
        var result = new QuickstartResult(
            Settings, pretraining, initialisations, [.. comparisons], chosen.Choices ?? [], times, self.PeakWorkingSet64,
            RunEnvironment.Now("cpu", pretraining.Steps))
        {
            Supervised = supervised,
        };
        AtomicFile.WriteAllText(ResultsFile, JsonSerializer.Serialize(result, Format) + "\n");
        QuickstartPage.Make(result, configuration, TrainingLog.Read(Learning.Training.RunFolder.LogPath(RunFolder)), reports).Save(ReportFile);
        if (ChartFile.Save(QuickstartPage.CurveOf(result), CurveFile, QuickstartPage.CurveTitle(result)) is { } reason)
            say($"{CurveFile}.svg was written without a PNG: {reason}");
        return result;
    }

    private const int StageCount = 12, ShownRadiographs = 6;

    // Like heads with like heads; whole networks with the logistic head, the practical one.
    private static readonly (string First, string Second)[] Compared =
    [
        (Pretrained, Supervised), (PretrainedPaperHead, SupervisedPaperHead), (Pretrained, RandomFrozen), (Pretrained, Random),
        (Pretrained, RandomChosen), (Pretrained, ViewOnly),
    ];

    private static TransferTask[] Tasks => [.. QuickstartSettings.Findings.Select(f => new TransferTask(f))];

    private PretrainingConfiguration Configuration()
    {
        var preset = PretrainingConfiguration.OfPreset("phantom");
        return preset with { Training = preset.Training with { Seed = Settings.Seed, MaxSteps = Settings.PretrainingSteps } };
    }

    private static EncoderSource Fresh(PretrainingConfiguration configuration, long seed) =>
        EncoderSource.Random(
            configuration.Model.Backbone, configuration.Model.BackboneWidth, seed, configuration.Image.Size, configuration.Model.Channels);

    private static void CheckPatientsDiffer(string reading, PreparedDataset labelled)
    {
        using var read = PreparedDataset.Open(reading);
        int shared = read.Radiographs.Select(r => r.PatientId).ToHashSet(StringComparer.Ordinal)
            .Intersect(labelled.Radiographs.Select(r => r.PatientId)).Count();
        if (shared > 0)
            throw new UserErrorException(
                $"{shared:N0} synthetic patients of this seed are in pretraining and among the labelled ones. Choose another seed.")
            {
                Setting = "seed",
            };
    }

    /// <summary>Says before each step which of how many it is.</summary>
    private sealed class Staged(IProgress<ProgressReport>? inner, string prefix) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => inner?.Report(value with { Stage = prefix + value.Stage });
    }
}
