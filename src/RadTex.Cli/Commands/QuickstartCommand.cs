using System.CommandLine;
using System.Diagnostics;
using RadTex.Experiments;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex quickstart</c>: the paper's idea shown on synthetic radiographs.</summary>
internal static class QuickstartCommand
{
    private const string NextSteps =
        "radtex pretrain DATASET --preset small --out run\nradtex transfer run/encoder DATASET --labels NAME --out transfer";

    internal static Command Build()
    {
        var standard = new QuickstartSettings();
        var folder = new Option<string>("--out")
        {
            Description = "Where everything goes; an interrupted run goes on in it.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "quickstart",
        };
        var seed = new Option<int>("--seed") { Description = "The one seed everything follows from.", HelpName = "N" };
        var count = new Option<int>("--pretraining-count")
        {
            Description = "Synthetic radiographs with reports to pretrain on.",
            HelpName = "N",
            DefaultValueFactory = _ => standard.PretrainingCount,
        };
        var labelled = new Option<int>("--labelled-count")
        {
            Description = "Further ones to draw labels from and to test on.",
            HelpName = "N",
            DefaultValueFactory = _ => standard.LabelledCount,
        };
        var steps = new Option<int>("--pretraining-steps") { Description = "Updates of the pretraining; 0 for all its epochs.", HelpName = "N" };
        var epochs = new Option<int?>("--random-epochs")
        {
            Description = "Epochs of random initialisation. Default: the paper's 50.",
            HelpName = "N",
        };
        var command = new Command(
            "quickstart",
            "See the paper's idea work on synthetic radiographs (no patient data), in minutes: learn an encoder from "
                + "reports, then classifiers from few labels.")
        {
            folder, seed, count, labelled, steps, epochs,
        };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var clock = Stopwatch.StartNew();
                var quickstart = new Quickstart(parsed.GetValue(folder)!, standard with
                {
                    Seed = parsed.GetValue(seed),
                    PretrainingCount = parsed.GetValue(count),
                    LabelledCount = parsed.GetValue(labelled),
                    PretrainingSteps = parsed.GetValue(steps),
                    RandomEpochs = parsed.GetValue(epochs),
                }, NextSteps);
                using (var display = new ProgressDisplay())
                {
                    var result = quickstart.Run(SettingWords.Tell, display, cancellation);
                    foreach (var line in QuickstartSummary.Lines(result, TerminalColour.TableWidth)) Console.WriteLine(line);
                }
                Console.WriteLine($"Done in {clock.Elapsed:m\\:ss}. The report, to open in a browser: {Path.GetFullPath(quickstart.Layout.Report)}");
                return RadTexCommand.Success;
            },
            CancellationToken.None));
        return command;
    }
}
