using System.CommandLine;
using RadTex.Data;
using RadTex.Files;
using RadTex.Learning.Pretraining;
using RadTex.Learning.ZeroShot;
using RadTex.Studies;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex zeroshot RUN DATASET --labels ...</c>: findings told without any label, from the reports a run learnt from.</summary>
internal sealed class ZeroShotCommand
{
    private readonly Argument<string> run = new("RUN")
    {
        Description = "A run of 'radtex pretrain' of objective captioning or contrastive, or the folder of its model.",
    };
    private readonly Argument<string> dataset = new("DATASET") { Description = "A prepared dataset with labels to measure against." };
    private readonly Option<string> labels = new("--labels") { Description = "Findings of the dataset.", HelpName = "A,B,...", Required = true };
    private readonly Option<string> split = ChoiceOption.Of(
        "--split", "Which radiographs get scores. Training radiographs get no figures.", "test", "train", "validate", "test", "all");
    private readonly Option<string?> prompts = new("--prompts")
    {
        Description = "What is asked of findings: a JSON file { \"FINDING\": { \"present\": [...], \"absent\": [...] } }. Default: three templates.",
        HelpName = "FILE",
    };
    private readonly Option<string> directions = ChoiceOption.Of(
        "--directions", "Of a captioning run; forward for one that learnt that direction alone.", "both", "both", "forward");
    private readonly Option<bool> patientsDiffer = new("--patients-differ")
    {
        Description = "The run's pretraining numbers its patients independently: equal ids are different people.",
    };
    private readonly Option<string> output = new("--out") { Description = "The folder results go to.", HelpName = "DIR", Required = true };
    private readonly Option<bool> json = JsonOutput.Option();

    internal static Command Build()
    {
        var options = new ZeroShotCommand();
        var command = new Command(
            "zeroshot", "Tell findings without any label, from what a run learnt from reports; the scores can balance first picks of labelling.")
        {
            options.run, options.dataset, options.labels, options.split, options.prompts, options.directions, options.patientsDiffer, options.output,
            options.json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var results = parsed.GetValue(output)!;
        OutputFolder.Require(results, FolderKind.ZeroShot);
        using var opened = PreparedDataset.Open(parsed.GetValue(dataset)!);
        using var model = TextAffinity.Open(
            parsed.GetValue(run)!, parsed.GetValue(directions) == "forward" ? CaptionDirections.Forward : CaptionDirections.Both);
        var findings = parsed.GetValue(labels)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var options = new ZeroShotOptions(findings, results)
        {
            Split = parsed.GetValue(split) == "all" ? null : SplitNames.TryParse(parsed.GetValue(split)),
            Prompts = parsed.GetValue(prompts),
            PatientsDiffer = parsed.GetValue(patientsDiffer),
        };
        ZeroShotResult result;
        using (var display = new ProgressDisplay()) result = ZeroShotEvaluation.Run(model, opened, options, display, cancellation);
        if (parsed.GetValue(json)) JsonOutput.Write(ZeroShotPage.Content(result));
        else Print(result, results);
        return RadTexCommand.Success;
    }

    private static void Print(ZeroShotResult result, string results)
    {
        Console.WriteLine($"{(result.Synthetic ? "Synthetic. " : "")}{ZeroShotPage.Verdict(result)}");
        foreach (var (title, table) in ZeroShotPage.Tables(result))
        {
            Console.WriteLine($"\n{title}");
            foreach (var line in TerminalTable.Lines(table.Columns, table.Rows, width: TerminalColour.TableWidth)) Console.WriteLine(line);
        }
        foreach (var note in result.Notes) Console.WriteLine($"\n{note}");
        Console.WriteLine($"\nThe page: {Path.Combine(results, ZeroShotEvaluation.Report)}");
    }
}
