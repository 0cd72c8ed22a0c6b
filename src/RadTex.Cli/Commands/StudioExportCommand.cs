using System.CommandLine;
using System.Text;
using RadTex.Files;
using RadTex.Studio;
using RadTex.Studio.Exports;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex studio export DATASET --labels FILE ...</c>: what the studio's page of exports makes, without a browser.</summary>
internal sealed class StudioExportCommand
{
    private const int ShortestKey = 16;

    private readonly Argument<string> dataset = new("DATASET") { Description = "The dataset that was labelled." };
    private readonly Option<string?> project = StudioCommand.ProjectOption("The project's file. Default: DATASET-labels.radtex.");
    private readonly Option<string?> encoder = new("--encoder")
    {
        Description = "The encoder's .onnx file that the project was made with.",
        HelpName = "ENCODER",
    };
    private readonly Option<string?> labels = new("--labels")
    {
        Description = "Labels: .csv, .parquet, or .json as Label Studio has them.",
        HelpName = "FILE",
    };
    private readonly Option<string?> codeKey = new("--code-key")
    {
        Description = "A file that holds a secret: in --labels, radiographs, patients and studies are codes under it.",
        HelpName = "FILE",
    };
    private readonly Option<string?> model = new("--model")
    {
        Description = "The classifier as .onnx, which 'radtex predict' takes.",
        HelpName = "FILE",
    };
    private readonly Option<string?> heads = new("--heads")
    {
        Description = "All heads as a folder of the form 'radtex transfer' writes.",
        HelpName = "DIR",
    };
    private readonly Option<string?> finding = new("--finding")
    {
        Description = "Of --model, where the project asks for several.",
        HelpName = "NAME",
    };
    private readonly Option<string?> card = new("--card") { Description = "The model card as .json.", HelpName = "FILE" };
    private readonly Option<string?> reports = new("--reports")
    {
        Description = "Labels as DICOM structured reports (TID 1500), one a radiograph and reader, where the radiographs are DICOM files.",
        HelpName = "DIR",
    };
    private readonly Option<string?> originals = new("--originals")
    {
        Description = "Where the original files lie now; default: where the dataset was prepared from.",
        HelpName = "DIR",
    };
    private readonly Option<bool> force = ForceOption.Of("files that are there");

    internal static Command Build()
    {
        var options = new StudioExportCommand();
        var command = new Command("export", "Write labels, classifier and model card of a labelling project.")
        {
            options.dataset, options.project, options.encoder, options.labels, options.codeKey, options.model, options.heads, options.finding,
            options.card, options.reports, options.originals, options.force,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => options.RunAsync(parsed), CancellationToken.None));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var (given, toLabels, toModel, toCard) =
            (parsed.GetValue(dataset)!, parsed.GetValue(labels), parsed.GetValue(model), parsed.GetValue(card));
        var (toReports, toHeads) = (parsed.GetValue(reports), parsed.GetValue(heads));
        if ((toLabels ?? toModel ?? toCard ?? toReports ?? toHeads) is null)
            throw new UserErrorException("Nothing is to be written: give --labels, --model, --heads, --card or --reports.");
        foreach (var folder in new[] { toReports, toHeads }.OfType<string>())
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
                throw new UserErrorException($"{folder} is not empty. Expected a new folder.");
        foreach (var path in new[] { toLabels, toModel, toCard }.OfType<string>()) OutputFile.Require(path, parsed.GetValue(force));
        var key = Key(parsed.GetValue(codeKey));
        if (key is not null && toLabels is null) throw new UserErrorException("--code-key goes with --labels, whose radiographs it puts codes for.");
        var file = parsed.GetValue(project) ?? StudioCommand.UsualProject(given);
        if (!File.Exists(file))
            throw new UserErrorException($"No project at {file}. Expected a file that 'radtex studio' made: name it by --project.");
        using var work = Workplace.Open(new(given, [], file) { Encoder = parsed.GetValue(encoder), Originals = parsed.GetValue(originals) });
        using (var display = new ProgressDisplay())
        {
            work.StartFeatures(display);
            await work.FeaturesAsync().ConfigureAwait(false);
        }
        if (work.FeatureFault is { } fault) throw new UserErrorException(fault);
        if (toLabels is not null) WriteLabels(work, toLabels, key);
        if (toModel is not null)
        {
            var of = parsed.GetValue(finding) ?? work.Session.Settings.Findings[0];
            ClassifierExport.Write(work, of, toModel);
            Console.WriteLine($"{toModel}: {of}, {ClassifierExport.Describe(work, of).Text}");
        }
        if (toHeads is not null) Console.WriteLine($"{toHeads}: {HeadsFolder.Write(work, toHeads):N0} heads");
        if (toCard is not null)
        {
            ModelCard.Of(work).Write(toCard);
            Console.WriteLine($"{toCard}: the model card");
        }
        if (toReports is not null) Console.WriteLine($"{toReports}: {LabelReports.Write(work, toReports):N0} structured reports");
        foreach (var path in new[] { toLabels, toModel, toHeads, toCard, toReports }.OfType<string>())
            _ = work.Session.NoteExport("", Path.GetFileName(path));
        Console.WriteLine($"The last event's code is {work.Project.Head}");
        return RadTexCommand.Success;
    }

    // The text of the file, so that a key made anywhere will do; short ones can be guessed.
    private static byte[]? Key(string? path)
    {
        if (path is null) return null;
        if (!File.Exists(path)) throw new UserErrorException($"--code-key {path}: there is no such file. Expected one that holds a secret.");
        var text = RegularFile.ReadAllText(path).Trim();
        return text.Length >= ShortestKey ? Encoding.UTF8.GetBytes(text)
            : throw new UserErrorException($"--code-key {path}: the secret has {text.Length} characters. Expected {ShortestKey} or more.");
    }

    private static void WriteLabels(Workplace work, string path, byte[]? key)
    {
        var rows = LabelRow.Of(work);
        if (key is not null) rows = [.. rows.Select(r => r.Under(key))];
        Action write = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => () => LabelTable.WriteCsv(rows, path),
            ".parquet" => () => LabelTable.WriteParquet(rows, path),
            ".json" => () => LabelStudioFile.Write(rows, work.Session.Settings.Classes, path),
            _ => throw new UserErrorException($"--labels {path}: expected a name that ends in .csv, .parquet or .json."),
        };
        write();
        Console.WriteLine($"{path}: {rows.Count:N0} answers{(key is null ? "" : ", under codes")}");
    }
}
