using System.CommandLine;
using RadTex.Data;
using RadTex.Experiments.Sweeps;
using RadTex.Learning.Models;
using RadTex.Learning.Transfer;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex sweep DATASET --init NAME=ENCODER</c>: initialisations x labels x numbers of examples x trials.</summary>
internal static class SweepCommand
{
    internal static Command Build()
    {
        var dataset = new Argument<string>("DATASET")
        {
            Description = "A prepared dataset: labels are drawn from its train split, tests made on its test split.",
        };
        var protocol = new Option<string?>("--protocol")
        {
            Description = $"{string.Join(", ", Protocol.Known.Select(p => p.Name))}.",
            HelpName = "NAME",
        };
        var labels = new Option<string?>("--labels") { Description = "Labels of your own, or some of the protocol's.", HelpName = "A,B,..." };
        var frozen = new Option<string[]>("--init")
        {
            Description = "A frozen encoder: NAME=FOLDER, several folders with commas (trial i takes the i-th), or "
                + "NAME=random:resnet18[:WIDTH]. Repeatable.",
            HelpName = "NAME=ENCODER",
            DefaultValueFactory = _ => [],
        };
        var tuned = new Option<string[]>("--fine-tune")
        {
            Description = "The same, encoder and linear layer trained together by the paper's recipe.",
            HelpName = "NAME=ENCODER",
            DefaultValueFactory = _ => [],
        };
        var examples = new ListOption<int?>("--examples", ListItems.Examples)
        {
            Description = "Numbers of labels, or all.",
            HelpName = "N,N,...",
            DefaultValueFactory = _ => "10,30,100,300,1000,10000,all",
        };
        var trials = new Option<int>("--trials") { Description = "Independent draws.", HelpName = "N", DefaultValueFactory = _ => 5 };
        var views = new Option<int>("--views")
        {
            Description = "Augmented views that the paper's frozen head takes, one an epoch in turn; 0: the centre view, which our head "
                + "always takes.",
            HelpName = "K",
        };
        var batches = new ListOption<int>("--batches", ListItems.Batch)
        {
            Description = "Further batches for the paper's head, such as 16,64.",
            HelpName = "B,B,...",
        };
        var controls = new Option<bool>("--controls") { Description = "Also heads on shuffled labels, and on the view as a label." };
        var choose = new ListOption<RecipeCandidate>("--choose", RecipeCandidate.Parse)
        {
            Description = "Fine-tuning: optimisers and rates among which validation data choose, the same for every encoder.",
            HelpName = "sgd:X,adamw:X,...",
        };
        var seed = new Option<long>("--seed") { Description = "Everything random follows from it.", HelpName = "N" };
        var workers = new Option<int>("--workers") { Description = "Networks trained side by side.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var side = new Option<int?>("--image-size")
        {
            Description = "A random encoder's input, in pixels. Default: the dataset's short side.",
            HelpName = "S",
        };
        var precision = EncoderOptions.PrecisionOption();
        var device = Devices.Option();
        var differ = new Option<bool>("--patients-differ")
        {
            Description = "The encoders' pretraining numbers its patients independently: equal ids are different people.",
        };
        var output = new Option<string>("--out")
        {
            Description = "The folder results go to; an interrupted sweep goes on in it.",
            HelpName = "DIR",
            Required = true,
        };
        var json = JsonOutput.Option();
        var command = new Command(
            "sweep",
            "Compare initialisations over labels, numbers of examples and trials. Finished runs are skipped; several "
                + "processes may share a folder, started by hand or by mpirun or srun.")
        {
            dataset, protocol, labels, frozen, tuned, examples, trials, views, batches, controls, choose, seed, workers, side, precision, device,
                differ, output, json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Ranks.Run(processes =>
            {
                string[]? names = parsed.GetValue(labels) is { } text ? List(text) : null;
                var what = parsed.GetValue(protocol) is { } known ? Protocol.Find(known).With(names)
                    : Protocol.Of(Protocol.OwnLabels, names ?? throw new UserErrorException("Nothing to learn: name a --protocol or --labels."));
                using var data = PreparedDataset.Open(parsed.GetValue(dataset)!);
                var further = batches.Items(parsed);
                SweepInitialisation[] starts =
                [
                    .. parsed.GetValue(frozen)!.Select(i => Start(i, false, further, parsed.GetValue(controls), null)),
                    .. parsed.GetValue(tuned)!.Select(i => Start(i, true, null, false, choose.Items(parsed))),
                ];
                if (starts.Length == 0)
                    throw new UserErrorException("Nothing to compare: name encoders with --init or --fine-tune, such as --init radtex=run/encoder.");
                var options = new SweepOptions(
                    parsed.GetValue(output)!, examples.Items(parsed)!, parsed.GetValue(trials), parsed.GetValue(seed), parsed.GetValue(views),
                    Compute: new(
                        Precisions.Parse(parsed.GetValue(precision)!), Devices.Require(parsed.GetValue(device)!), 64, parsed.GetValue(workers)),
                    RandomSide: parsed.GetValue(side) ?? data.ShortSide, PatientsDiffer: parsed.GetValue(differ));
                using var claim = processes.IsFirst ? SweepFiles.Claim(options.Output, what, data) : null;
                processes.Any(false); // the others begin when the folder is the sweep's: what they write would make it a strange one
                var log = parsed.GetValue(json) ? Console.Error.WriteLine : Ranks.Say(processes);
                if (!processes.IsFirst)
                {
                    LabelEfficiencySweep.Help(what, data, starts, options, log, cancellation);
                    return RadTexCommand.Success;
                }
                SweepResult result;
                using (var display = new ProgressDisplay())
                    result = LabelEfficiencySweep.Run(what, data, starts, options, log, display, cancellation);
                var lines = SweepFiles.Write(options.Output, result, TerminalColour.TableWidth);
                if (parsed.GetValue(json)) JsonOutput.Write(result.Runs);
                else foreach (var line in lines) Console.WriteLine(line);
                return RadTexCommand.Success;
            }),
            CancellationToken.None));
        return command;
    }

    private static SweepInitialisation Start(string text, bool fineTunes, int[]? batches, bool controls, RecipeCandidate[]? choose)
    {
        if (text.IndexOf('=', StringComparison.Ordinal) is not (> 0 and int at))
            throw new UserErrorException($"'{text}': expected NAME=ENCODER, such as radtex=run/encoder.");
        var encoders = List(text[(at + 1)..]);
        if (encoders.Length == 0) return new(text[..at], fineTunes, [], PaperRecipe.Frozen, Missing: "no weights given");
        var recipe = !fineTunes ? PaperRecipe.Frozen : encoders[0]
            .StartsWith("random:", StringComparison.Ordinal) ? PaperRecipe.RandomInitialisation : PaperRecipe.FineTuning;
        return new(
            text[..at], fineTunes, encoders, recipe, Batches: batches, HasControls: controls,
            Candidates: choose?.Select(c => c.Of(recipe)).ToArray());
    }

    private static string[] List(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
