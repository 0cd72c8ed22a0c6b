using System.CommandLine;
using RadTex.Files;
using RadTex.Prediction.Evaluation;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex evaluate MODEL DATA</c>: what a classifier is worth on labelled radiographs that it did not see.</summary>
internal sealed class EvaluateCommand
{
    private readonly ClassifierOptions classifier = new();
    private readonly LabelledDataOptions data = new();
    private readonly Option<double?> prevalence =
        new("--prevalence")
        {
            Description = "The part of positives that PPV and NPV are stated for, such as 0.05. Default: the data's own.",
            HelpName = "X"
        };
    private readonly Option<string?> groups =
        new("--groups")
        {
            Description = "A table of images or patients with sex, age or columns of --by. Default: the data's own table.",
            HelpName = "FILE"
        };
    private readonly Option<string[]> by =
        new("--by")
        {
            Description = "A column to form subgroups by. Repeatable. Default: view, sex and age, where the data have them.",
            HelpName = "COLUMN",
            DefaultValueFactory = _ => []
        };
    private readonly Option<int> seed = new("--seed") { Description = "Of the bootstrap.", HelpName = "N", DefaultValueFactory = _ => 0 };
    private readonly Option<string> output =
        new("--out") { Description = $"The folder for {EvaluationPage.Name} and {ModelEvaluation.JsonName}.", HelpName = "DIR", Required = true };

    private readonly Option<bool> json = JsonOutput.Option();

    internal static Command Build()
    {
        var options = new EvaluateCommand();
        var command = new Command(
            "evaluate",
            "Measure a classifier on labelled radiographs that it did not see: AUC, calibration, operating point, subgroups, as a page and JSON.");
        options.classifier.AddArgumentTo(command);
        options.data.AddTo(command);
        options.classifier.AddOptionsTo(command);
        Option[] own = [options.prevalence, options.groups, options.by, options.seed, options.output, options.json];
        foreach (var option in own) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var target = parsed.GetValue(output)!;
        OutputFolder.Require(target, FolderKind.Evaluation);
        using var opened = classifier.Open(parsed);
        using var pictures = data.Open(parsed, opened.Model, cancellation);
        var options = new EvaluationOptions(
            data.Columns(parsed), parsed.GetValue(prevalence), parsed.GetValue(groups) ?? (pictures is TablePictures ? pictures.Name : null),
                parsed.GetValue(by), data.PatientsDiffer(parsed),
            classifier.BatchSize(parsed), parsed.GetValue(seed), JudgeAll: classifier.JudgeAll(parsed));
        var sha256 = ModelEvaluation.HashOf(classifier.Name(parsed), classifier.Heads(parsed));
        using var claim = OutputFolder.Open(
            target, FolderKind.Evaluation, new Dictionary<string, string> { ["model"] = sha256, ["data"] = Path.GetFullPath(data.Name(parsed)) });
        ModelEvaluation evaluation;
        using (var display = new ProgressDisplay())
            evaluation = ModelEvaluation.Run(
                opened.Model, classifier.Name(parsed), sha256, pictures, options,
                    display, cancellation);
        evaluation.Write(target);
        var page = Path.Combine(target, EvaluationPage.Name);
        EvaluationPage.Render(evaluation).Save(page);
        if (parsed.GetValue(json))
        {
            Console.Write(File.ReadAllText(Path.Combine(target, ModelEvaluation.JsonName)));
            return RadTexCommand.Success;
        }
        foreach (var note in evaluation.Notes.Append(evaluation.Seen)) Console.WriteLine(note);
        foreach (var (reason, count) in evaluation.NotJudged) Console.WriteLine($"left out: {count:N0} radiographs, {reason}");
        foreach (var line in EvaluationWords.Lines(evaluation)) Console.WriteLine(line);
        Console.WriteLine($"{page}: written{(evaluation.Synthetic ? "; the radiographs are synthetic" : "")}");
        return RadTexCommand.Success;
    }
}
