using System.CommandLine;
using RadTex.Data;
using RadTex.Files;
using RadTex.Inspection;
using RadTex.Text;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex inspect DATASET</c>: what a prepared dataset looks like, as a page and as JSON.</summary>
internal static class InspectCommand
{
    internal static Command Build()
    {
        var folder = new Argument<string>("DATASET") { Description = "A folder that 'radtex prepare' made." };
        var output = new Option<string>("--out")
        {
            Description = $"The folder to write {InspectionPage.Name} and {DatasetInspector.JsonName} to.",
            HelpName = "DIR",
            Required = true,
        };
        var vocabulary = new Option<string?>("--vocabulary")
        {
            Description = "A vocabulary, for the rates of [UNK] and of captions cut.",
            HelpName = "FILE",
        };
        var command = new Command(
            "inspect", "Write a page for a person: counts, captions, grey levels, the strangest pictures, duplicates.") { folder, output,
            vocabulary };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                using var dataset = PreparedDataset.Open(parsed.GetValue(folder)!);
                var tokenizer = parsed.GetValue(vocabulary) is { } file ? new ReportTokenizer(WordPieceVocabulary.Load(file)) : null;
                var target = parsed.GetValue(output)!;
                using var claim = OutputFolder.Open(target, FolderKind.Inspection, new Dictionary<string, string> { ["dataset"] = dataset.Hash });
                DatasetInspection inspection;
                using (var display = new ProgressDisplay()) inspection = DatasetInspector.Inspect(dataset, tokenizer, display, cancellation);
                DatasetInspector.Write(inspection, Path.Combine(target, DatasetInspector.JsonName));
                var page = Path.Combine(target, InspectionPage.Name);
                InspectionPage.Render(inspection, dataset).Save(page);
                foreach (var group in inspection.Groups)
                {
                    var view = group.View.Length == 0 ? "not stated" : group.View;
                    Console.WriteLine($"view {view}, {(group.IsInverted ? "inverted: bones dark" : "bones bright")}: {group.Count:N0} radiographs");
                }
                Console.WriteLine($"pairs of pictures that show the same exposure: {inspection.Duplicates.Count:N0}");
                Console.WriteLine($"{page}: {inspection.Count:N0} radiographs inspected");
                return RadTexCommand.Success;
            },
            CancellationToken.None));
        return command;
    }
}
