using System.CommandLine;
using System.Globalization;
using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Models.Decoding;
using RadTex.Learning.Reading;
using RadTex.Phantoms;
using RadTex.Studies;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex score RUN DATASET</c>: how good generated reports are, beside baselines, and where attention falls.</summary>
internal static class ScoreCommand
{
    private const int ShownReports = 24;

    internal static Command Build()
    {
        var run = new Argument<string>("RUN") { Description = "A run of 'radtex pretrain', or the folder of its model." };
        var input = new Argument<string>("DATASET") { Description = "A prepared dataset with reports." };
        var split = ChoiceOption.Of(
            "--split", "The split to read; the training split feeds the baselines.", "test", "train", "validate", "test");
        var most = new Option<int?>("--limit") { Description = "At most so many radiographs.", HelpName = "N" };
        var phantoms = new Option<string?>("--phantoms")
        {
            Description = "The phantoms the dataset was prepared from: score attention and Grad-CAM against where lesions were drawn.",
            HelpName = "DIR",
        };
        var output = new Option<string?>("--out") { Description = "Write a page with the tables and some radiographs.", HelpName = "FILE.html" };
        var force = ForceOption.Of("a file that is there");
        var json = JsonOutput.Option();
        var decoding = new DecodingOptions();
        var command = new Command("score", "Score generated reports against the true ones, baselines beside them.") { run, input, split, most,
            phantoms, output, force, json };
        decoding.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Run(
                new(
                    parsed.GetValue(run)!, parsed.GetValue(input)!, SplitNames.TryParse(parsed.GetValue(split))!.Value, parsed.GetValue(most),
                    parsed.GetValue(phantoms), decoding.Read(parsed)),
                parsed.GetValue(output), parsed.GetValue(json), parsed.GetValue(force), cancellation),
            CancellationToken.None));
        return command;
    }

    private static int Run(Request request, string? output, bool json, bool force, CancellationToken cancellation)
    {
        var (run, folder, split, most, phantoms, decoding) = request;
        if (most is < 1) throw new UserErrorException($"--limit {most}: expected 1 or more.");
        if (output is not null) OutputFile.Require(output, force);
        using var reader = RadiographReader.Open(run);
        using var dataset = PreparedDataset.Open(folder);
        bool synthetic = reader.Card.Synthetic || dataset.Manifest.Synthetic;
        IReadOnlyList<ReadReport> reports;
        IReadOnlyList<ReportScore> scores;
        LocalisationResult? places = null;
        using (var display = new ProgressDisplay())
        {
            (reports, scores) = ReportEvaluation.Run(reader, dataset, split, most, decoding, display, cancellation);
            if (phantoms is not null)
                places = LocalisationEvaluation.Run(reader, dataset, PhantomBoxes.Read(phantoms), split, most, display, cancellation);
        }
        var tables = ScoreTables.Of(scores, places);
        if (json)
            JsonOutput.Write(
                new
                {
                    Synthetic = synthetic,
                    Radiographs = reports.Count,
                    Dataset = folder,
                    Split = split.Name(),
                    Scores = scores,
                    Localisation = places
                });
        else Print();
        if (output is not null)
            ScorePage.Build(
                scores, places, [.. reports.Take(ShownReports)], reports.Count, reader.Card.Provenance,
                FigurePage.Origins(reader.Card.Synthetic, dataset.Manifest.Synthetic)).Save(output);
        return RadTexCommand.Success;

        void Print()
        {
            Console.WriteLine($"{(synthetic ? "Synthetic: " : "")}{reports.Count:N0} radiographs of {folder}, {split.Name()}");
            foreach (var (title, note, table) in tables)
            {
                Console.WriteLine($"\n{title}{(note.Length > 0 ? $" ({note})" : "")}");
                foreach (var line in TerminalTable.Lines(table.Columns, table.Rows, width: TerminalColour.TableWidth)) Console.WriteLine(line);
            }
            if (places is { RandomisedCorrelation: { } attention, RandomisedCamCorrelation: { } cam })
                Console.WriteLine(
                    "\nRank correlation with the maps of fresh weights: attention "
                        + $"{attention.ToString("F2", CultureInfo.InvariantCulture)}, LayerCAM "
                        + $"{cam.ToString("F2", CultureInfo.InvariantCulture)}");
        }
    }

    /// <summary>What is scored.</summary>
    /// <param name="Run">A run, or the folder of its model.</param>
    /// <param name="Dataset">A prepared dataset's folder.</param>
    /// <param name="Split">Which radiographs.</param>
    /// <param name="Most">At most so many; null for all.</param>
    /// <param name="Phantoms">The phantoms the dataset was prepared from; null where maps are not scored.</param>
    /// <param name="Decoding">How reports are generated.</param>
    private sealed record Request(string Run, string Dataset, Split Split, int? Most, string? Phantoms, IDecoding Decoding);
}
