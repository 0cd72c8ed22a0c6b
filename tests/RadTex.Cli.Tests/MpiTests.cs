using System.Diagnostics;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Training;
using static TorchSharp.torch;

namespace RadTex.Cli.Tests;

/// <summary>Several processes under a launcher of either kind, as a user starts them.</summary>
[Collection(nameof(SerialTorch))]
public sealed class MpiTests : IDisposable
{
    // SGD: AdamW divides by gradients' sizes and would blow rounding up where they are near zero.
    private static readonly string[] Settings =
    [
        "model.backbone_width=16", "model.hidden=16", "model.heads=2", "model.feedforward=32", "image.size=32", "training.batch_size=8",
        "training.groups=2", "training.epochs=6",
        "training.precision=fp32", "log.every_steps=1", "optimizer.name=sgd", "optimizer.visual_rate=0.05", "optimizer.textual_rate=0.05",
        "optimizer.lookahead_steps=5",
    ];

    private readonly TemporaryFolder folder = new();
    private readonly string dataset;

    public MpiTests() => dataset = TinyRun.WriteDataset(folder.File("dataset"), count: 24);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("openmpi", "openmpi-bin")]
    [InlineData("mpich", "mpich")]
    public void Two_ranks_are_one_process_with_two_groups(string launcher, string package)
    {
        var (exitCode, _, said) = Launch(launcher, package, 2, "two");
        exitCode.ShouldBe(0, said);
        said.ShouldContain("Training in 2 processes");
        RadTexProcess.Run(Pretrain("one")).ExitCode.ShouldBe(0);

        Largest("one", "two").ShouldBeLessThan(2e-5); // weights, buffers of batch norm included; they moved by some 0.1
        var (one, two) = (Lines("one"), Lines("two"));
        two.Count.ShouldBe(one.Count);
        foreach (var (a, b) in one.Zip(two)) b.Values["loss"].ShouldBe(a.Values["loss"], 1e-5);

        Launch(launcher, package, 2, "two").Output.ShouldContain("is complete; nothing was done");
    }

    [Theory]
    [InlineData("openmpi", "openmpi-bin")]
    [InlineData("mpich", "mpich")]
    public void Lost_rank_ends_all_and_the_run_goes_on_with_another_number_of_ranks(string launcher, string package)
    {
        string[] more = ["training.epochs=200", "log.checkpoint_every_steps=10"];
        using var lost = Start(launcher, package, 2, Pretrain("run", more));
        var output = Read(lost);
        var checkpoints = folder.File("run/checkpoints");
        while (!lost.HasExited && !(Directory.Exists(checkpoints) && Directory.GetDirectories(checkpoints, "step-????????").Length > 0))
            Thread.Sleep(10);
        int[] ranks = Ranks(folder.File("run"));
        Process.Start("kill", ["-KILL", $"{ranks[^1]}"]).WaitForExit();
        lost.WaitForExit(60_000).ShouldBeTrue("the launcher waits for ever");
        lost.ExitCode.ShouldNotBe(0);
        output().ShouldContain("9"); // "exited on signal 9 (Killed)", "KILLED BY SIGNAL: 9"
        SpinWait.SpinUntil(() => Ranks(folder.File("run")).Length == 0, 30_000).ShouldBeTrue("a rank lives on");
        File.Exists(folder.File("run/result.json")).ShouldBeFalse("the kill came too late to show anything");

        var alone = RadTexProcess.Run(Pretrain("run", more));
        alone.ExitCode.ShouldBe(0, alone.Error);
        alone.Output.ShouldContain("Going on from");
        Lines("run").Select(line => line.Step).ShouldBe(Enumerable.Range(1, 400).Select(step => (long)step)); // none twice, none left out
    }

    [Fact]
    public void Groups_that_ranks_cannot_share_are_refused_in_one_line()
    {
        var (exitCode, _, said) = Launch("openmpi", "openmpi-bin", 2, "run", "training.groups=1");
        exitCode.ShouldNotBe(0);
        said.ShouldContain("training.groups is 1, and 2 processes cannot share them out evenly");
    }

    [Fact]
    public void Ranks_learn_from_labels_together()
    {
        var (exitCode, _, said) = Launch("openmpi", "openmpi-bin", 2, "run", ["--labels", "all"]);
        exitCode.ShouldBe(0, said);
        Lines("run").Count.ShouldBe(12);
        Lines("run").ShouldAllBe(line => line.Values["loss"] > 0 && line.Values["loss"] < 2);
        EncoderFolder.Read(folder.File("run/encoder")).Encoder.Dispose();
    }

    [Theory]
    [InlineData("openmpi", "openmpi-bin")]
    [InlineData("mpich", "mpich")]
    public void Sweeps_jobs_are_shared_and_one_rank_speaks_and_writes(string launcher, string package)
    {
        var labelled = TinyTransfer.WriteDataset(folder.File("labelled"));
        using var process = Start(launcher, package, 2,
        [
            "sweep", labelled, "--labels", "Stripes", "--fine-tune", "tuned=random:resnet18:16", "--init", "frozen=random:resnet18:16", "--examples",
            "6,14,all", "--trials", "1",
            "--precision", "fp32", "--out", folder.File("sweep"),
        ]);
        var output = Read(process);
        process.WaitForExit(240_000).ShouldBeTrue("the ranks wait for ever");
        process.ExitCode.ShouldBe(0, output());
        output().Split("results.parquet: written").Length.ShouldBe(2, output());
        // a job for each number of labels
        Directory.GetFiles(folder.File("sweep/cells"), "metrics.json", SearchOption.AllDirectories).Length.ShouldBe(3);
    }

    private string[] Pretrain(string run, params string[] more) =>
        ["pretrain", dataset, "--preset", "phantom", "--out", folder.File(run), "--threads", "1",
            .. Settings.Concat(more.Where(m => m.Contains('='))).SelectMany(s => new[] { "--set", s }), .. more.Where(m => !m.Contains('='))];

    private (int ExitCode, string Output, string Said) Launch(string launcher, string package, int ranks, string run, params string[] more)
    {
        using var process = Start(launcher, package, ranks, Pretrain(run, more));
        var output = Read(process);
        process.WaitForExit(240_000).ShouldBeTrue("the ranks wait for ever");
        process.WaitForExit();
        return (process.ExitCode, output(), output());
    }

    private static Process Start(string launcher, string package, int ranks, string[] arguments)
    {
        var path = $"/usr/bin/mpirun.{launcher}";
        Assert.SkipUnless(File.Exists(path), $"needs {path}: apt-get install {package}");
        string[] words = [.. launcher == "openmpi" ? ["--oversubscribe"] : Array.Empty<string>(), "-n", $"{ranks}", "dotnet", "exec",
            Path.Combine(AppContext.BaseDirectory, "RadTex.Cli.dll"), .. arguments];
        var start = new ProcessStartInfo(path, words) { RedirectStandardError = true, RedirectStandardOutput = true };
        // Open MPI refuses root unless told twice; and its shared memory asks for a right that containers withhold, and says so.
        foreach (
            var (name, value) in new[] { ("OMPI_ALLOW_RUN_AS_ROOT", "1"), ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"),
                ("OMPI_MCA_btl_vader_single_copy_mechanism", "none") }) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static Func<string> Read(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        return () => output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult();
    }

    /// <summary>The processes that train into a folder, launchers left out.</summary>
    private static int[] Ranks(string run)
    {
        static string[] Words(int process)
        {
            try { return File.ReadAllText($"/proc/{process}/cmdline").Split('\0'); }
            catch (IOException) { return []; }
        }
        return [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(int.Parse!)
            .Where(p => Words(p) is [var program, "exec", ..] words && Path.GetFileName(program) == "dotnet" && words.Contains(run)).Order()];
    }

    private List<LogLine> Lines(string run) => [.. TrainingLog.Read(RunFolder.LogPath(folder.File(run))).Where(line => line.Kind == "train")];

    private double Largest(string first, string second)
    {
        using var scope = NewDisposeScope();
        var (a, _) = SafeTensors.Read(folder.File(first + "/model/model.safetensors"));
        var (b, _) = SafeTensors.Read(folder.File(second + "/model/model.safetensors"));
        b.Keys.Order().ShouldBe(a.Keys.Order());
        return a.Max(t => (t.Value.to(ScalarType.Float64) - b[t.Key].to(ScalarType.Float64)).abs().max().item<double>());
    }
}
