using System.CommandLine;
using System.Diagnostics;
using RadTex.Experiments.Reproduction;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex reproduce table1|figure2|figure3|objectives|encoders|all</c>: the paper's experiments, or objectives and encoders compared,
/// from one configuration.</summary>
internal static class ReproduceCommand
{
    internal static Command Build()
    {
        var what = new Argument<string>("WHAT") { Description = "table1, figure2, figure3, objectives, encoders or all." };
        what.AcceptOnlyFromAmong("table1", "figure2", "figure3", "objectives", "encoders", "all");
        var file = new Option<string>("--config")
        {
            Description = "The configuration, such as configs/reproduce/phantom.json.",
            HelpName = "FILE",
            Required = true,
        };
        var folder = new Option<string?>("--out")
        {
            Description = "Where everything goes; an interrupted run goes on in it. Default: reproduce-NAME.",
            HelpName = "DIR",
        };
        var assignments = new Option<string[]>("--set")
        {
            Description = "One value of the configuration, such as sweep.trials=2; may be repeated.",
            HelpName = "PATH=VALUE",
            DefaultValueFactory = _ => [],
        };
        var job = new Option<string?>("--job")
        {
            Description = "Run one pretraining of the configuration only, by its key, such as reports/findings/repeat-1.",
            HelpName = "KEY",
        };
        var stage = new Option<string?>("--stage")
        {
            Description = "Run one stage of the configuration only; without it all are run, what a stage made found done, and told together.",
            HelpName = "NAME",
        };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Draw and train nothing: print what each claim could decide, and the time from measured rates.",
        };
        var json = JsonOutput.Option();
        json.Description = "With --dry-run: print the plan as JSON.";
        var command = new Command(
            "reproduce",
            "Run the paper's experiments: tables, figures and a verdict on each claim. The same command goes on where an interrupted one stopped.")
        {
            what, file, folder, assignments, job, stage, dryRun, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json)
                && !result.GetValue(dryRun)) result.AddError("--json goes with --dry-run; a run's own results are in results.json.");
        });
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Ranks.Run(processes =>
            {
                var configuration = ReproductionReader.Read(parsed.GetValue(file)!, parsed.GetValue(assignments));
                if (parsed.GetValue(stage) is { } part) configuration = configuration.Stage(part);
                if (parsed.GetValue(dryRun)) return Plan(ReproductionPlan.Of(configuration, Parts(parsed.GetValue(what)!)), parsed.GetValue(json));
                var output = parsed.GetValue(folder) ?? $"reproduce-{Path.GetFileNameWithoutExtension(parsed.GetValue(file)!)}";
                var reproduction = new PaperReproduction(configuration, output);
                using var display = processes.IsFirst ? new ProgressDisplay() : null;
                if (parsed.GetValue(job) is { } key)
                {
                    reproduction.RunJob(key, SettingWords.Tell, display, cancellation);
                    return RadTexCommand.Success;
                }
                var clock = Stopwatch.StartNew();
                if (!processes.IsFirst)
                {
                    processes.Any(false); // rank 0 has prepared the datasets
                    reproduction.Help(Parts(parsed.GetValue(what)!), cancellation);
                    return RadTexCommand.Success;
                }
                var launcher = configuration.Compute.PretrainingProcesses > 1 && processes.Size == 1
                    ? Launcher(["reproduce", "all", "--config", parsed.GetValue(file)!, "--out", output, .. parsed.GetValue(stage) is { } s
                        ? ["--stage", s] : Array.Empty<string>(), .. parsed.GetValue(assignments)!.SelectMany(a => new[] { "--set", a })],
                        configuration.Compute.PretrainingThreads)
                    : null;
                var result = reproduction
                    .Run(Parts(parsed.GetValue(what)!), launcher, SettingWords.Tell, display, () => processes.Any(false), cancellation);
                foreach (var verdict in result.Figures.Verdicts) Console.WriteLine($"{verdict.Claim}: {verdict.Verdict}");
                Console.WriteLine(
                    $"Done in {clock.Elapsed:h\\:mm\\:ss}. The page, to open in a browser: "
                        + $"{Path.GetFullPath(reproduction.Layout.Report)}");
                return RadTexCommand.Success;
            }),
            CancellationToken.None));
        return command;
    }

    /// <summary>Prints a plan; one that cannot decide what it claims is a mistake, told after it.</summary>
    private static int Plan(ReproductionPlan plan, bool json)
    {
        if (json) JsonOutput.Write(plan);
        else
            foreach (var line in plan.Lines(TerminalColour.TableWidth)) Console.WriteLine(line);
        plan.RequireDecides();
        return RadTexCommand.Success;
    }

    private static ReproductionParts Parts(string what) => what switch
    {
        "table1" => ReproductionParts.Table1,
        "figure2" => ReproductionParts.Figure2,
        "figure3" => ReproductionParts.Figure3,
        "objectives" => ReproductionParts.Objectives,
        "encoders" => ReproductionParts.Encoders,
        _ => ReproductionParts.All,
    };

    /// <summary>This program again, for one job; Ctrl+C is passed on so that it saves a checkpoint.</summary>
    private static JobLauncher Launcher(string[] arguments, int threads) => (job, tell, cancellation) =>
    {
        var start = OwnProgram.With([.. arguments, "--job", job]);
        if (threads > 0) start.Environment["OMP_NUM_THREADS"] = $"{threads}";
        using var process = Process.Start(start)!;
        string last = "";
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text) tell(last = string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using (cancellation.Register(() =>
        {
            using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        }))
            process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0) throw new UserErrorException($"{job} ended with {process.ExitCode}: {last}");
    };
}
