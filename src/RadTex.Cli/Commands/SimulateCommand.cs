using System.CommandLine;
using RadTex.Data;
using RadTex.Experiments.Simulation;
using RadTex.Files;
using RadTex.Learning.Models;
using RadTex.Learning.Transfer;
using RadTex.Selection;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex simulate DATASET --encoder E --labels ...</c>: which radiographs to label next, tried on labels that are known.</summary>
internal sealed class SimulateCommand
{
    private readonly Argument<string> dataset = new("DATASET") { Description = "A prepared dataset with a training and a test split." };
    private readonly Option<string> encoder = new("--encoder")
    {
        Description = "An encoder's folder, or random:resnet18[:WIDTH], ... for fresh weights.",
        HelpName = "ENCODER",
        Required = true,
    };
    private readonly Option<string> labels = new("--labels")
    {
        Description = "Findings of two classes, each a comparison of its own; 'A vs B' tells two apart.",
        HelpName = "A,B,...",
        Required = true,
    };
    private readonly Option<string?> policies = new("--policies")
    {
        Description = $"Which policies, beside random: {string.Join(", ", SelectionPolicies.All.Select(p => p.Name))}. Default: all.",
        HelpName = "NAME,...",
    };
    private readonly Option<int> replays = new("--replays")
    {
        Description = "Replays of each policy and finding; more can be added to the same folder later.",
        HelpName = "N",
        DefaultValueFactory = _ => 20,
    };
    private readonly ListOption<int> sizes = new("--examples", ListItems.Batch)
    {
        Description = "Numbers of labels to measure at, rising.",
        HelpName = "N,N,...",
        DefaultValueFactory = _ => string.Join(',', ReplayOptions.UsualSizes),
    };
    private readonly Option<int?> imageSize = new("--image-size")
    {
        Description = "A random encoder's input, in pixels. Default: the dataset's short side.",
        HelpName = "S",
    };
    private readonly Option<string?> prior = new("--prior")
    {
        Description = "Scores known before any label, such as a text decoder's: a table of image_id or path, and score or a column a "
            + "finding. First picks are balanced by them.",
        HelpName = "FILE",
    };
    private readonly Option<string> precision = EncoderOptions.PrecisionOption();
    private readonly Option<string> device = Devices.Option();
    private readonly Option<bool> patientsDiffer = new("--patients-differ")
    {
        Description = "The encoder's pretraining numbers its patients independently: equal ids are different people.",
    };
    private readonly Option<string> output = new("--out")
    {
        Description = "The folder results go to; an interrupted comparison goes on in it.",
        HelpName = "DIR",
        Required = true,
    };
    private readonly Option<bool> json = JsonOutput.Option();

    internal static Command Build()
    {
        var options = new SimulateCommand();
        var command = new Command(
            "simulate",
            "Compare ways of choosing which radiographs to label next, on labels that are known. It says which is worth using, and where it loses.")
        {
            options.dataset, options.encoder, options.labels, options.policies, options.replays, options.sizes, options.prior, options.imageSize,
                options.precision,
            options.device, options.patientsDiffer, options.output, options.json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (folder, results) = (parsed.GetValue(dataset)!, parsed.GetValue(output)!);
        OutputFolder.Require(results, FolderKind.Simulation);
        using var opened = PreparedDataset.Open(folder);
        using var source = EncoderSource.Open(parsed.GetValue(encoder)!, 0, parsed.GetValue(imageSize) ?? opened.ShortSide);
        var extractor = new FeatureExtractor(source, new(Precisions.Parse(parsed.GetValue(precision)!), Devices.Require(parsed.GetValue(device)!)));
        var options = new SimulationOptions(Items(parsed.GetValue(labels)!), results)
        {
            Policies = parsed.GetValue(policies) is { } names ? [.. Items(names).Select(SelectionPolicies.Of)] : SelectionPolicies.All,
            Replays = parsed.GetValue(replays),
            Sizes = sizes.Items(parsed)!,
            Prior = parsed.GetValue(prior),
            EncoderPatientsDiffer = parsed.GetValue(patientsDiffer),
        };
        SimulationResult result;
        using (var display = new ProgressDisplay()) result = PolicySimulation.Run(extractor, opened, options, display, cancellation);
        if (parsed.GetValue(json)) JsonOutput.Write(new { result.Synthetic, result.Default, result.Rows, result.Notes });
        else Print(result, results);
        return RadTexCommand.Success;
    }

    private static string[] Items(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static void Print(SimulationResult result, string results)
    {
        Console.WriteLine($"{(result.Synthetic ? "Synthetic radiographs. " : "")}{PolicyStudyPage.Verdict(result.Rows, result.Cases.Count)}.");
        foreach (var of in result.Rows.GroupBy(r => r.Case))
        {
            Console.WriteLine($"\n{(of.Key == PolicyStudy.AllCases ? "Over all findings" : of.Key)}");
            var lines = TerminalTable.Lines(
                ["policy", "area", "gain over random [95%]", "corrected p", "declared"],
                [.. of.OrderBy(r => r.Gain?.Difference.Estimate ?? 0).Select(PolicyStudyPage.Cells)], width: TerminalColour.TableWidth);
            foreach (var line in lines) Console.WriteLine(line);
        }
        foreach (var note in result.Notes) Console.WriteLine($"\n{note}");
        Console.WriteLine($"\nThe page: {Path.Combine(results, PolicySimulation.Report)}");
    }
}
