using System.CommandLine;
using RadTex.Data;
using RadTex.Studies;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex prepare SOURCE ...</c>: an archive or a table into a prepared dataset.</summary>
internal static class PrepareCommand
{
    internal static Command Build() => new("prepare", "Turn an archive or a table of radiographs into a prepared dataset. An interrupted run goes on where it stopped.")
    {
        BuildMimic(),
        BuildNih(),
        BuildTable(),
    };

    private static Command BuildMimic()
    {
        var root = new Argument<string>("ROOT") { Description = "The folder with mimic-cxr-2.0.0-metadata.csv.gz and files/." };
        var reports = new Option<string?>("--reports") { Description = "The folder of MIMIC-CXR's reports, where they are not beside the pictures.", HelpName = "DIR" };
        var labels = PrepareOptions.Choice("--labels", "Whose labels.", "chexpert", "chexpert", "negbio", "none");
        var command = new Command("mimic-cxr-jpg", "MIMIC-CXR-JPG, or phantoms, which have its layout.") { root, reports, labels };
        return Complete(command, parsed => new MimicCxrJpgSource(parsed.GetValue(root)!, parsed.GetValue(reports), parsed.GetValue(labels)!));
    }

    private static Command BuildNih()
    {
        var root = new Argument<string>("ROOT") { Description = "The folder with Data_Entry_2017*.csv and the images." };
        return Complete(new Command("nih-cxr14", "NIH ChestX-ray14.") { root }, parsed => new NihChestXray14Source(parsed.GetValue(root)!));
    }

    private static Command BuildTable()
    {
        var file = new Argument<string>("FILE") { Description = "A table, CSV (or .csv.gz) or Parquet, a row a radiograph." };
        var images = new Option<string?>("--images") { Description = "The folder image paths are relative to. Default: the table's, or images/ in it.", HelpName = "DIR" };
        var columns = new[] { "image", "patient", "study", "view", "text", "split" }.ToDictionary(
            role => role,
            role => new Option<string?>($"--{role}-column") { Description = $"The column of the {role}, where its name is not a usual one.", HelpName = "NAME" });
        var labels = new Option<string?>("--label-columns") { Description = "Columns of numbers: 1, 0, -1 (uncertain), empty, or grades.", HelpName = "A,B,..." };
        var categories = new Option<string?>("--categories") { Description = "Columns of words joined by '|'; each word becomes a label.", HelpName = "A,B,..." };
        var command = new Command("table", "A table of one's own.") { file, images, labels, categories };
        foreach (var option in columns.Values) command.Options.Add(option);
        return Complete(command, parsed =>
        {
            string? Column(string role) => parsed.GetValue(columns[role]);
            return new TableSource(
                parsed.GetValue(file)!,
                new TableColumns(
                    Column("image"), Column("patient"), Column("study"), Column("view"), Column("text"), Column("split"),
                    Names(parsed.GetValue(labels)), Names(parsed.GetValue(categories))),
                parsed.GetValue(images));
        });
    }

    private static Command Complete(Command command, Func<ParseResult, StudySource> source)
    {
        var common = new PrepareOptions();
        common.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var options = common.Read(parsed);
                PreparationResult result;
                using (var display = new ProgressDisplay())
                    result = DatasetPreparation.Run(source(parsed), options, display, cancellation);
                foreach (var line in DatasetReport.Lines(result)) Console.WriteLine(line);
                Console.WriteLine($"{options.Output}: {(result.WasThere ? "this dataset was there already; nothing was done" : "prepared")}");
                return RadTexCommand.Success;
            },
            CancellationToken.None));
        return command;
    }

    private static string[]? Names(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
