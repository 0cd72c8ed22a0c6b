using System.CommandLine;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Prediction;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex predict MODEL INPUT...</c>: probabilities of radiographs, with where they come from.</summary>
internal sealed class PredictCommand
{
    private readonly ClassifierOptions classifier = new();
    private readonly Argument<string[]> inputs = new("INPUT") { Description = "Pictures, and folders of them.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> output = new("--out") { Description = "The file: .csv, .json or .parquet.", HelpName = "FILE", Required = true };
    private readonly Option<string?> maps = new("--maps")
    {
        Description = "Also draw, for each picture judged, what of it speaks for and against each finding: exact for an .onnx file of one encoder.",
        HelpName = "DIR",
    };
    private readonly Option<bool> force = ForceOption.Of("a file that is there");

    internal static Command Build()
    {
        var options = new PredictCommand();
        var command = new Command("predict", "Tell what a classifier says of radiographs.");
        options.classifier.AddArgumentTo(command);
        command.Arguments.Add(options.inputs);
        options.classifier.AddOptionsTo(command);
        foreach (var option in new Option[] { options.output, options.maps, options.force }) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var path = parsed.GetValue(output)!;
        PredictionFile.CheckEnding(path);
        OutputFile.Require(path, parsed.GetValue(force));
        var mapped = parsed.GetValue(maps);
        if (mapped is not null) RequireMaps(parsed, mapped);
        int batch = classifier.BatchSize(parsed);
        using var opened = classifier.Open(parsed);
        Predictions predictions;
        using (var display = new ProgressDisplay())
            predictions = Predictions.Run(opened.Model, parsed.GetValue(inputs)!, batch, classifier.JudgeAll(parsed), display, cancellation);
        PredictionFile.Write(path, predictions);
        (string, Refusal, bool)[] refused =
            [.. predictions.Pictures.Where(p => p.Refusal is not null).Select(p => (p.Name, p.Refusal!, p.Probabilities is not null))];
        if (predictions.Paths.Count > 0) GateOutput.Tell(refused);
        foreach (var (left, reason) in predictions.Rejected) Console.Error.WriteLine($"radtex: left out {left}: {reason}");
        Console.WriteLine(
            $"{path}: {predictions.Paths.Count:N0} pictures, {predictions.Pictures.Count - predictions.Paths.Count:N0} not "
                + $"judged{GateOutput.Counts(predictions.Refusals)}, {predictions.Rejected.Count:N0} left out; read at "
                + $"{predictions.Notes.Preparation}; {predictions.Runtime}, "
                + $"{predictions.Paths.Count / predictions.ElapsedSeconds:0.0} pictures/s");
        if (mapped is not null && predictions.Paths.Count > 0)
        {
            using var display = new ProgressDisplay();
            int count = ClassMapFolder.Write(
                classifier.Name(parsed), predictions.Paths, opened.Model.Pipeline(classifier.JudgeAll(parsed)), mapped, display, cancellation);
            Console.WriteLine($"{mapped}: {count:N0} maps");
        }
        if (predictions.Paths.Count > 0) return RadTexCommand.Success;
        throw new UserErrorException($"{GateOutput.NoneJudged([.. predictions.Pictures.Select(p => (p.Name, p.Refusal!))])} {path} has each reason.");
    }

    private void RequireMaps(ParseResult parsed, string folder)
    {
        if (!classifier.IsExported(parsed))
            throw new UserErrorException(
                $"--maps are of an .onnx file. Run 'radtex export' on {classifier.Name(parsed)} first, or leave --maps out.");
        OutputFile.RequirePath(folder);
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new UserErrorException($"{folder} is not empty. Expected a new folder for the maps.");
    }
}
