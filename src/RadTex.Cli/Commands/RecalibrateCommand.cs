using System.CommandLine;
using System.Globalization;
using RadTex.Files;
using RadTex.Heads;
using RadTex.Prediction.Evaluation;
using RadTex.Prediction.Onnx;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex recalibrate MODEL DATA --label L --out NEW</c>: a classifier's probabilities and threshold fitted to labels of another
/// place.</summary>
internal sealed class RecalibrateCommand
{
    private readonly ClassifierOptions classifier = new();
    private readonly LabelledDataOptions data = new();
    private readonly Option<double?> sensitivity =
        new("--sensitivity") { Description = "What the new threshold is to reach, such as 0.9. Default: the largest Youden index.", HelpName = "X" };
    private readonly Option<string> output =
        new("--out") { Description = "The new .onnx file; of an encoder with --heads, a new folder of heads.", HelpName = "FILE", Required = true };

    internal static Command Build()
    {
        var options = new RecalibrateCommand();
        var command = new Command(
            "recalibrate", "Fit one label's probabilities and threshold to labels of this place; ranking stays. Evaluate it on others.");
        options.classifier.AddArgumentTo(command);
        options.data.AddTo(command);
        options.classifier.AddOptionsTo(command);
        command.Options.Add(options.sensitivity);
        command.Options.Add(options.output);
        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string name = classifier.Name(parsed), target = parsed.GetValue(output)!;
        var columns = data.Columns(parsed);
        if (columns is not { Count: 1 }) throw new UserErrorException("Recalibration is of one label: name it with --label.");
        if (Path.Exists(target)) throw new UserErrorException($"--out {target} exists. Give a new name: the parent stays as it is.");
        if (classifier.Heads(parsed) is null) OutputFile.Require(target, force: false);
        else OutputFolder.Require(target, FolderKind.Transfer);
        ModelRecalibration done;
        var sha256 = ModelEvaluation.HashOf(name, classifier.Heads(parsed));
        using (var opened = classifier.Open(parsed))
        {
            if (opened.Networks is { } n
                && (classifier.Heads(parsed) is null || n.IsComposed || n.Networks[0].Heads.Any(h => h.Kind == HeadKind.FineTuned)))
                throw new UserErrorException("A fine-tuned network is recalibrated as the one file it is deployed as: export it as .onnx first.");
            using var pictures = data.Open(parsed, opened.Model, cancellation);
            using var display = new ProgressDisplay();
            done = ModelRecalibration.Fit(
                opened.Model, name, sha256, pictures,
                new(
                    columns.Single(), parsed.GetValue(sensitivity), data.PatientsDiffer(parsed), classifier.BatchSize(parsed),
                    classifier.JudgeAll(parsed)),
                display, cancellation);
        }
        if (classifier.Heads(parsed) is { } folder) RecalibratedHeads.Write(folder, target, done.Head, done.Change, done.Threshold, done.Seen);
        else RecalibratedModel.Write(name, target, done.Column, done.Change, done.Threshold, done.Seen);
        var c = done.Change;
        Console.WriteLine(done.SeenBefore);
        if (done.LeftOut > 0) Console.WriteLine($"left out: {done.LeftOut:N0} pictures that could not be judged");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{done.Name}: {c.Rule}; intercept {c.Intercept:F3}, slope {c.Slope:F3}, on {c.Positives:N0} + {c.Negatives:N0} labels"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"threshold {(done.Threshold is { } t ? t.Probability.ToString("F3", CultureInfo.InvariantCulture) : "n/a")}: {done.ThresholdNote}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Brier {done.BrierBefore:F4} before, {done.BrierAfter:F4} after, on the same labels, which flatters: evaluate it on others"));
        Console.WriteLine($"{target}: written; parent {c.ParentSha256}");
        return RadTexCommand.Success;
    }
}
