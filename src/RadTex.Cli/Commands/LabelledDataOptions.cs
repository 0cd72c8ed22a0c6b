using System.CommandLine;
using RadTex.Prediction;
using RadTex.Prediction.Evaluation;
using RadTex.Studies;

namespace RadTex.Cli.Commands;

/// <summary>Labelled radiographs: a prepared dataset, or a table of picture files.</summary>
internal sealed class LabelledDataOptions
{
    private readonly Argument<string> data =
        new("DATA") { Description = "A prepared dataset, or a table (CSV, TSV or Parquet) with a column of picture files and columns of labels." };
    private readonly Option<string[]> labels =
        new("--label")
        {
            Description = "A label to take, or NAME=COLUMN where its column has another name. Repeatable. Default: all of the model's.",
            HelpName = "NAME",
            DefaultValueFactory = _ => []
        };
    private readonly Option<string> split = ChoiceOption.Of("--split", "Of a dataset.", "test", "train", "validate", "test", "all");
    private readonly Option<string?> images =
        new("--images")
        {
            Description = "Of a table: the folder its paths are relative to. Default: the table's, or images/ in it.",
            HelpName = "DIR"
        };
    private readonly Option<string?> image =
        new("--image-column") { Description = "Of a table: the column of paths, where its name is not a usual one.", HelpName = "NAME" };
    private readonly Option<string?> patient = new("--patient-column") { Description = "Of a table: the column of patients.", HelpName = "NAME" };
    private readonly Option<string?> study = new("--study-column") { Description = "Of a table: the column of studies.", HelpName = "NAME" };
    private readonly Option<string?> archive =
        new("--archive")
        {
            Description = "Of a table: whose patients these are, such as mimic-cxr. Default: not known, their ids count everywhere.",
            HelpName = "NAME"
        };
    private readonly Option<bool> patientsDiffer =
        new("--patients-differ") { Description = "The data number their patients independently of what the model learnt from." };

    internal void AddTo(Command command)
    {
        command.Arguments.Add(data);
        foreach (var option in new Option[] { labels, split, images, image, patient, study, archive, patientsDiffer }) command.Options.Add(option);
    }

    internal bool PatientsDiffer(ParseResult parsed) => parsed.GetValue(patientsDiffer);

    internal string Name(ParseResult parsed) => parsed.GetValue(data)!;

    /// <summary>Each label asked for and its column; null where none was.</summary>
    internal IReadOnlyDictionary<string, string>? Columns(ParseResult parsed)
    {
        if (parsed.GetValue(labels) is not { Length: > 0 } asked) return null;
        var columns = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in asked)
        {
            var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Any(p => p.Length == 0)) throw new UserErrorException($"--label '{text}': expected a name, or NAME=COLUMN.");
            if (!columns.TryAdd(parts[0], parts[^1])) throw new UserErrorException($"--label names '{parts[0]}' twice.");
        }
        return columns;
    }

    /// <summary>Opens them; of a table, the columns that are named or that the model tells.</summary>
    internal LabelledPictures Open(ParseResult parsed, IRadiographModel model, CancellationToken cancellation)
    {
        var name = Name(parsed);
        if (Directory.Exists(name))
        {
            Option<string?>[] ofTables = [images, image, patient, study, archive];
            if (ofTables.FirstOrDefault(o => parsed.GetValue(o) is not null) is { } option)
                throw new UserErrorException($"{option.Name} is for a table; {name} is a dataset.");
            return new DatasetPictures(name, parsed.GetValue(split) == "all" ? null : SplitNames.TryParse(parsed.GetValue(split)!));
        }
        if (parsed.GetResult(split) is { Implicit: false }) throw new UserErrorException(
            $"--split is for a dataset; {name} is a table, all of whose rows are taken.");
        return TablePictures.Open(
            name, new(parsed.GetValue(image), parsed.GetValue(patient), parsed.GetValue(study), Labels: Columns(parsed)?.Values.ToArray()),
            model.Notes, parsed.GetValue(images), parsed.GetValue(archive), cancellation);
    }
}
