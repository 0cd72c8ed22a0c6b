using System.CommandLine;
using RadTex.Data;
using RadTex.Files;
using RadTex.Learning.Transfer;
using RadTex.Studies;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex embed ENCODER DATASET|FOLDER</c>: an encoder's features as NPY and Parquet.</summary>
internal static class EmbedCommand
{
    private const int DefaultImageSize = 256;

    internal static Command Build()
    {
        var encoder = new EncoderOptions();
        var input = new Argument<string>("DATASET|FOLDER") { Description = "A prepared dataset, or a folder of pictures." };
        var output = new Option<string>("--out")
        {
            Description = "The folder to write features.npy, features.parquet and features.json to.",
            HelpName = "DIR",
            Required = true,
        };
        var shortSide = new Option<int?>("--short-side")
        {
            Description = "A folder: read its pictures at this short side in pixels, as a dataset was prepared. Default: that of the "
                + "radiographs the encoder learnt from, else its input's.",
            HelpName = "N",
        };
        var force = ForceOption.Of("other features in --out");
        var command = new Command(
            "embed", "Write an encoder's features of a dataset or a folder of pictures. An interrupted run over a dataset goes on where it stopped.");
        encoder.AddTo(command);
        command.Arguments.Add(input);
        command.Options.Add(output);
        command.Options.Add(shortSide);
        command.Options.Add(force);
        command.SetAction(
            (parsed, cancellation) => Task.Run(
                () => Run(
                    parsed, encoder, parsed.GetValue(input)!, parsed.GetValue(output)!, parsed.GetValue(shortSide), parsed.GetValue(force),
                    cancellation),
                CancellationToken.None));
        return command;
    }

    private static int Run(
        ParseResult parsed, EncoderOptions encoder, string input, string output, int? shortSide, bool force, CancellationToken cancellation)
    {
        OutputFolder.Require(output, FolderKind.Features);
        if (!Directory.Exists(input)) throw new UserErrorException($"{input} is no folder. Expected a prepared dataset or a folder of pictures.");
        encoder.RefuseSeedOfTrained(parsed);
        if (File.Exists(Path.Combine(input, DatasetFiles.Manifest)))
        {
            if (shortSide is not null)
                throw new UserErrorException(
                    $"--short-side {shortSide}: {input} is a prepared dataset, whose radiographs have a short side already. Leave --short-side out.");
            using var dataset = PreparedDataset.Open(input);
            var (source, extractor) = encoder.Open(parsed, dataset.ShortSide);
            using (source)
            {
                var train = dataset.IndicesOf(Split.Train);
                source.MeasureOn(dataset, train.Count > 0 ? train : [.. Enumerable.Range(0, dataset.Count)]);
                using (var display = new ProgressDisplay())
                    extractor.Write(dataset, output, progress: display, force: force, cancellation: cancellation);
                Console.WriteLine($"{output}: {dataset.Count:N0} radiographs, {extractor.Width} features each, by {source.Name}");
            }
        }
        else
        {
            var (source, extractor) = encoder.Open(parsed, DefaultImageSize);
            using (source)
            {
                var preparation = extractor.Preparation with { ShortSide = shortSide ?? extractor.Preparation.ShortSide };
                int embedded;
                IReadOnlyList<(string Path, string Reason)> rejected;
                using (var display = new ProgressDisplay())
                    (embedded, rejected) = FolderEmbedding.Run(extractor, input, output, preparation, display, force, cancellation);
                foreach (var (path, reason) in rejected) Console.Error.WriteLine($"radtex: left out {path}: {reason}");
                Console.WriteLine(
                    $"{output}: {embedded:N0} pictures, {extractor.Width} features each, by {source.Name}; {rejected.Count:N0} left "
                        + $"out; read at {preparation}"
                        + (shortSide is null && source.Card.ShortSide is null ? ", the encoder's input: its card names no dataset" : ""));
            }
        }
        return RadTexCommand.Success;
    }
}
