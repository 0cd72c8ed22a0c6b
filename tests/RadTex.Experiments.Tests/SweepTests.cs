using Parquet;
using RadTex.Data;
using RadTex.Experiments.Sweeps;
using RadTex.Heads;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Training;
using RadTex.Learning.Transfer;
using RadTex.Preparing;
using RadTex.Studies;

namespace RadTex.Experiments.Tests;

[Collection(nameof(SerialTorch))]
public sealed class SweepTests : IDisposable
{
    private static readonly Protocol Labels = Protocol.Of("labels", ["Stripes", "Grade"]);
    private readonly TemporaryFolder folder = new();
    private readonly PreparedDataset dataset;

    public SweepTests() => dataset = PreparedDataset.Open(TinyTransfer.WriteDataset(folder.File("dataset")));

    public void Dispose()
    {
        dataset.Dispose();
        folder.Dispose();
    }

    [Theory, InlineData(0), InlineData(2)]
    public void An_encoder_passes_once_over_the_distinct_labelled_radiographs_of_all_tasks_sizes_and_trials(int views)
    {
        string encoder = WriteEncoder("encoder", 0);
        var said = new List<string>();
        var result = Run([Frozen("radtex", encoder)], Options(views: views), said.Add);
        int train = dataset.Radiographs.Count(r => r.Split == Split.Train && r.Labels.Any(l => l is not null)),
            test = dataset.Radiographs.Count(r => r.Split == Split.Test);
        var pass = result.Passes.ShouldHaveSingleItem();
        pass.Bound.ShouldBe(train * (1 + views) + test);
        pass.Passed.ShouldBe(pass.Bound);
        pass.OneByOne.ShouldBeGreaterThan(4 * pass.Bound);
        said.ShouldContain(line => line.Contains("ratio 1.000"));
        result.Runs.Count(r => r.Initialisation == "radtex").ShouldBe(2 * 2 * 3 * 2); // tasks, heads, sizes, trials

        var again = Run([Frozen("radtex", encoder)], Options(views: views));
        again.Passes.ShouldHaveSingleItem().Passed.ShouldBe(0);
        again.Runs.Select(Figures).ShouldBe(result.Runs.Select(Figures));
    }

    [Fact]
    public void Trial_i_takes_the_ith_encoder_on_the_draw_that_every_initialisation_has()
    {
        string first = WriteEncoder("first", 1), second = WriteEncoder("second", 2);
        var result = Run(
            [Frozen("pair", first, second), Frozen("one", second), new("tuned", true, [first, second], new(0.05, 1, BatchSize: 6), [6])], Options());
        var pair = result.Cell("pair", "logistic", 6);
        pair.Where(r => r.Trial == 1).Select(r => r.Scores)
            .ShouldBe(result.Cell("one", "logistic", 6).Where(r => r.Trial == 1).Select(r => r.Scores));
        pair.Select(r => r.EncoderSha256).Distinct().Count().ShouldBe(2);
        result.Cell("tuned", "fine-tuned", 6).Select(r => (r.Trial, r.EncoderSha256)).Distinct()
            .ShouldBe(pair.Select(r => (r.Trial, r.EncoderSha256)).Distinct());
        // One hash, one classifier: the same encoder, draw and head under another name is the same.
        result.Runs.GroupBy(r => r.Provenance).ShouldAllBe(g => g.Select(r => r.Scores).Distinct().Count() == 1);
        result.Runs.Where(r => r.Initialisation == "pair").DistinctBy(r => r.Provenance).Count().ShouldBe(24);
    }

    [Fact]
    public async Task What_cannot_be_run_is_not_available_with_its_reason()
    {
        var result = Run(
            [new("imagenet", true, [], PaperRecipe.FineTuning, Missing: "no weights given"), Frozen("radtex", WriteEncoder("encoder", 0))],
            Options() with { Examples = [6, 5000] });
        var (summary, reason) = result.Mean(result.Cell("imagenet", "fine-tuned", 6), s => s.Auc);
        (summary.ToString(), reason).ShouldBe(("n/a", "no weights given"));
        result.Mean(result.Cell("radtex", "paper", 5000), s => s.Auc).Reason!.ShouldContain("fewer than 5,000");
        var lines = SweepFiles.Write(folder.File("out"), result);
        lines.ShouldContain(l => l.Contains("n/a: no weights given"));
        lines.ShouldContain(l => l.EndsWith("results.parquet: written"));
        File.ReadAllText(folder.File("out/report.html")).ShouldContain("imagenet: not run, no weights given");
        await using var stream = File.OpenRead(folder.File("out/results.parquet"));
        await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        reader.RowGroups.Sum(g => g.RowCount).ShouldBe(result.Runs.Count);
    }

    [Theory]
    [InlineData(408, 408, "all (408)")]
    [InlineData(408, 1_432, "all (408 to 1,432 by label)")]
    public void All_names_how_many_there_are_of_each_label(int least, int most, string expected) => SweepFiles.All(least, most).ShouldBe(expected);

    [Fact]
    public void An_encoder_that_saw_a_test_patient_is_refused()
    {
        // A run whose dataset has this test's patients in its training split.
        var writer = new PreparedDatasetWriter([], TinyTransfer.Side) { Synthetic = true };
        var seen = dataset.Radiographs.First(r => r.Split == Split.Test);
        writer.Add(
            new("other", seen.PatientId, "study", "PA", Split.Train, "text", []), new byte[TinyTransfer.Side * TinyTransfer.Side], TinyTransfer.Side,
            TinyTransfer.Side);
        writer.Write(folder.File("reports"));
        Directory.CreateDirectory(folder.File("run"));
        void WriteRun(string hash) => File.WriteAllText(folder.File("run/config.resolved.json"), $$$"""{"inputs":{"dataset_folder":"{{{folder.File("reports")}}}","dataset_hash":"{{{hash}}}"}}""");
        string encoder = WriteEncoder("run/encoder", 0), hash;
        using (var reports = PreparedDataset.Open(folder.File("reports"))) hash = reports.Hash;
        WriteRun(hash);
        Should.Throw<UserErrorException>(() => Run([Frozen("radtex", encoder)], Options())).Message.ShouldContain("saw 1 of the test patients");
        Run([Frozen("radtex", encoder)], Options() with { PatientsDiffer = true }).Runs.ShouldNotBeEmpty();
        WriteRun("another");
        Should.Throw<UserErrorException>(() => Run([Frozen("radtex", encoder)], Options())).Message.ShouldContain("has changed");
    }

    [Fact]
    public async Task A_job_that_another_process_holds_is_left_until_it_lets_go()
    {
        var start = new SweepInitialisation("tuned", true, ["random:resnet18:16"], new(0.05, 1, BatchSize: 6), [6]);
        var first = Run([start], Options());
        var job = Directory.GetFiles(folder.Path, "job.lock", SearchOption.AllDirectories).ShouldHaveSingleItem();
        using var claim = SharedJobs.TryClaim(Path.GetDirectoryName(job)!).ShouldNotBeNull();
        SharedJobs.TryClaim(Path.GetDirectoryName(job)!).ShouldBeNull();
        var waiting = Task.Run(() => Run([start], Options()), TestContext.Current.CancellationToken);
        (await Task.WhenAny(waiting, Task.Delay(300, TestContext.Current.CancellationToken))).ShouldNotBe(waiting);
        claim.Dispose();
        (await waiting).Runs.Select(Figures).ShouldBe(first.Runs.Select(Figures));
    }

    [Fact]
    public void Controls_and_further_batches_stand_beside_the_main_cells()
    {
        var result = Run([Frozen("radtex", WriteEncoder("encoder", 0)) with { HasControls = true, Batches = [4, 6] }], Options());
        result.Runs.Where(r => r.Control == "shuffled labels").Count().ShouldBe(2 * 3 * 2);
        result.Runs.Where(r => r.Batch == 4).ShouldAllBe(r => !r.IsMain && r.Head == "paper");
        result.Cell("radtex", "paper", 6).Count.ShouldBe(4);
    }

    [Fact]
    public void Controls_are_drawn_among_the_radiographs_that_passed_the_encoder()
    {
        // No "all": most of the pool's features are not there, and shuffled labels draw others than the labels do.
        var start = Frozen("radtex", WriteEncoder("encoder", 0)) with { HasControls = true };
        var result = Run([start], Options() with { Examples = [6, 14] });
        result.Runs.Count(r => r.Control == "shuffled labels").ShouldBe(2 * 2 * 2);
        // Other sizes deal the labels out among others: nothing of before may stand for it.
        var more = Run([start], Options() with { Examples = [6, 14, null] });
        var alone = LabelEfficiencySweep.Run(Labels, dataset, [start], Options() with { Output = folder.File("alone"), Examples = [6, 14, null] });
        more.Runs.Select(Figures).ShouldBe(alone.Runs.Select(Figures));
    }

    [Fact]
    public void More_trials_train_what_is_new_alone()
    {
        var start = new SweepInitialisation("tuned", true, ["random:resnet18:16"], new(0.05, 1, BatchSize: 6), [6]);
        Run([start], Options());
        var said = new List<string>();
        var five = Run([start], Options() with { Trials = 5 }, said.Add);
        said.ShouldContain("tuned, 6 labels: training");
        var journal = Directory.GetFiles(folder.File("sweep"), "journal.jsonl", SearchOption.AllDirectories).ShouldHaveSingleItem();
        File.ReadAllLines(journal).Length.ShouldBe(1 + 2 * 5); // what it is of, then each network once
        var whole = LabelEfficiencySweep.Run(Labels, dataset, [start], Options() with { Output = folder.File("whole"), Trials = 5 });
        five.Runs.Select(Figures).ShouldBe(whole.Runs.Select(Figures));
        // Fewer are a part of them, found done.
        said.Clear();
        Run([start], Options(), said.Add).Runs.Select(Figures).ShouldBe(five.Runs.Where(r => r.Trial < 2).Select(Figures));
        said.ShouldContain("tuned, 6 labels: done before");
        File.ReadAllLines(journal).Length.ShouldBe(1 + 2 * 5);
    }

    [Fact]
    public void A_fine_tuned_classifiers_hash_is_that_of_what_was_trained()
    {
        var start = new SweepInitialisation("tuned", true, ["random:resnet18:16"], new(0.05, 1, BatchSize: 6), [6]);
        string[] Hashes(SweepOptions options, SweepInitialisation? other = null) =>
            [.. Run([other ?? start], options).Runs.Where(r => r.Trial < 2 && r.Count > 0).Select(r => r.Provenance)];
        var own = Hashes(Options());
        own.Distinct().Count().ShouldBe(own.Length);
        Hashes(Options() with { Trials = 3 }).ShouldBe(own);
        Hashes(Options() with { Output = folder.File("elsewhere") }).ShouldBe(own);
        foreach (
            var other in new[] { Options() with { Compute = new(Precision.Bf16, Batch: 64) }, Options() with { Augmentation = new(1, 0) },
                Options() with { Seed = 4 } })
            Hashes(other).Intersect(own).ShouldBeEmpty();
        Hashes(Options(), start with { Recipe = start.Recipe with { Epochs = 2 } }).Intersect(own).ShouldBeEmpty();
    }

    [Fact]
    public void Another_augmentation_of_views_trains_the_papers_heads_anew()
    {
        var start = Frozen("radtex", WriteEncoder("encoder", 0)) with { Heads = [HeadKind.Paper] };
        var wide = Run([start], Options(views: 1) with { Examples = [6], Augmentation = new(20, 0.1) });
        var still = Run([start], Options(views: 1) with { Examples = [6], Augmentation = new(0, 0) });
        SweepRun[] Own(SweepResult result) => [.. result.Runs.Where(r => r.Initialisation == start.Name)];
        Own(wide).Select(r => r.Provenance).Intersect(Own(still).Select(r => r.Provenance)).ShouldBeEmpty();
        Own(wide).Select(r => r.Probabilities![0]).ShouldNotBe(Own(still).Select(r => r.Probabilities![0]));
    }

    [Fact]
    public void A_runs_dataset_is_found_from_elsewhere_and_a_lost_one_says_what_to_do()
    {
        using (
            RunFolder.Open(
                folder.File("new/run"), new { Training = new { Epochs = 1 } },
                new(Path.GetRelativePath(Environment.CurrentDirectory, folder.File("dataset")), "h", true, null)))
            File.ReadAllText(folder.File("new/run/config.resolved.json")).ShouldContain($"\"dataset_folder\": \"{folder.File("dataset")}\"");

        // Runs of before noted it relative to where they were started.
        var writer = new PreparedDatasetWriter([], TinyTransfer.Side) { Synthetic = true };
        writer.Add(
            new("other", "nobody", "study", "PA", Split.Train, "text", []), new byte[TinyTransfer.Side * TinyTransfer.Side], TinyTransfer.Side,
            TinyTransfer.Side);
        writer.Write(folder.File("work/reports"));
        string encoder = WriteEncoder("work/runs/one/encoder", 0);
        using (var reports = PreparedDataset.Open(folder.File("work/reports")))
            File.WriteAllText(folder.File("work/runs/one/config.resolved.json"), $$$"""{"inputs":{"dataset_folder":"reports","dataset_hash":"{{{reports.Hash}}}"}}""");
        var options = Options() with { Examples = [6] };
        Run([Frozen("radtex", encoder)], options).Runs.ShouldNotBeEmpty();
        Directory.Move(folder.File("work/reports"), folder.File("work/lost"));
        var message = Should.Throw<UserErrorException>(() => Run([Frozen("radtex", encoder)], options)).Message;
        message.ShouldContain("is not at reports");
        message.ShouldContain("patients differ");
    }

    [Fact]
    public void Folds_test_each_trial_on_patients_it_did_not_draw_from()
    {
        var protocol = Labels with { Labels = ["Grade"], Folds = 3, Figure = "grades" };
        var encoder = WriteEncoder("encoder", 0);
        var tuned = Frozen("tuned", encoder) with
        {
            FineTunes = true,
            Candidates = [new(0.05, 2, BatchSize: 6), new(0.01, 2, BatchSize: 6)],
            Recipe = new(0.05, 2, BatchSize: 6),
        };
        var said = new List<string>();
        SweepResult Once() => LabelEfficiencySweep
            .Run(protocol, dataset, [Frozen("radtex", encoder), tuned], Options() with { Trials = 3, Examples = [6, 14] }, said.Add);
        var result = Once();
        string Tested(SweepRun run) => string.Join(' ', run.Test!.Radiographs.Select(x => x.PatientId).Distinct().Order());
        SweepRun[] heads = [.. result.Runs.Where(r => r is { Head: "paper", Examples: 6 })],
            networks = [.. result.Runs.Where(r => r is { Head: "fine-tuned", Examples: 6 })];
        var patients = heads.Select(r => r.Test!.Radiographs.Select(x => x.PatientId).ToHashSet()).ToList();
        patients.Count.ShouldBe(3);
        patients.SelectMany(t => t).Distinct().Count().ShouldBe(patients.Sum(t => t.Count));
        networks.Select(r => (r.Trial, Tested(r))).ShouldBe(heads.Select(r => (r.Trial, Tested(r))));
        networks.ShouldAllBe(r => r.Probabilities!.Length == 3 * r.Test!.Classes.Length);
        said.ShouldContain(line => line.Contains("folds have no validation data to choose among 2 recipes on", StringComparison.Ordinal));

        said.Clear();
        Once().Runs.Select(Figures).ShouldBe(result.Runs.Select(Figures));
        said.Count(line => line.StartsWith("tuned, ", StringComparison.Ordinal) && line.EndsWith(": done before", StringComparison.Ordinal))
            .ShouldBe(6);
    }

    private SweepResult Run(SweepInitialisation[] starts, SweepOptions options, Action<string>? log = null) =>
        LabelEfficiencySweep.Run(Labels, dataset, starts, options, log);

    private SweepOptions Options(int views = 0) =>
        new(folder.File("sweep"), [6, 14, null], 2, 3, views, RandomSide: TinyTransfer.Side, Compute: new(Precision.Fp32, Batch: 64));

    private static SweepInitialisation Frozen(string name, params string[] encoders) => new(name, false, encoders, new(0.05, 4, BatchSize: 6));

    private string WriteEncoder(string name, int seed)
    {
        using var source = TinyTransfer.Encoder(seed);
        EncoderFolder.Write(folder.File(name), source.Encoder, source.Card);
        return folder.File(name);
    }

    private static (string, string, int?, int, string, string, string) Figures(SweepRun r) =>
        (r.Initialisation, r.Task, r.Examples, r.Trial, r.Head, $"{r.Scores}", r.Provenance);
}
