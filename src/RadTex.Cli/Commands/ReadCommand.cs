using System.CommandLine;
using RadTex.Data;
using RadTex.Files;
using RadTex.Gating;
using RadTex.Learning.Models.Decoding;
using RadTex.Learning.Reading;
using RadTex.Studies;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex read RUN IMAGE...</c>: writes the findings of radiographs.</summary>
internal static class ReadCommand
{
    internal static Command Build()
    {
        var run = new Argument<string>("RUN") { Description = "A run of 'radtex pretrain', or the folder of its model." };
        var inputs = new Argument<string[]>("IMAGE")
        {
            Description = "Pictures (JPEG, PNG, TIFF, DICOM), folders of them, or one prepared dataset.",
            Arity = ArgumentArity.OneOrMore,
        };
        var split = ChoiceOption.Of("--split", "The split of a dataset to read.", "test", "train", "validate", "test");
        var most = new Option<int?>("--limit") { Description = "Read so many radiographs at most.", HelpName = "N" };
        var output = new Option<string[]>("--out")
        {
            Description = "Write a file whose ending says what: .json (each word's probability and map), .csv, or .html (a page like the "
                + "paper's Figure 4). Repeatable.",
            HelpName = "FILE",
            DefaultValueFactory = _ => [],
        };
        var map = ChoiceOption.Of(
            "--map", "What each word's map in .json and .html shows: attention, grad-cam, layer-cam (finer), or occlusion (slow).", "attention",
            "attention", "grad-cam", "layer-cam", "occlusion");
        var force = ForceOption.Of("files that are there");
        var judgeAll = GateOutput.JudgeAll();
        var decoding = new DecodingOptions();
        var command = new Command("read", "Write the findings of radiographs with a pretrained model. Research only.") { run, inputs, split, most,
            output, map, judgeAll, force };
        decoding.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Run(
                new(
                    parsed.GetValue(run)!, parsed.GetValue(inputs)!,
                    parsed.GetResult(split) is { Implicit: false } ? SplitNames.TryParse(parsed.GetValue(split)) : null, parsed.GetValue(most),
                    parsed.GetValue(judgeAll)),
                parsed.GetValue(output)!, MapOf(parsed.GetValue(map)!), decoding.Read(parsed), parsed.GetValue(force), cancellation),
            CancellationToken.None));
        return command;
    }

    private static MapKind MapOf(string name) => name switch
    {
        "grad-cam" => MapKind.GradCam,
        "layer-cam" => MapKind.LayerCam,
        "occlusion" => MapKind.Occlusion,
        _ => MapKind.Attention,
    };

    private static int Run(
        Request request, string[] outputs, MapKind map, IDecoding decoding, bool force, CancellationToken cancellation)
    {
        if (outputs.FirstOrDefault(file => Path.GetExtension(file) is not (".json" or ".csv" or ".html")) is { } odd)
            throw new UserErrorException($"--out {odd}: expected a name that ends in .json, .csv or .html.");
        if (request.Most is < 1) throw new UserErrorException($"--limit {request.Most}: expected 1 or more.");
        foreach (var file in outputs) OutputFile.Require(file, force);
        using var reader = RadiographReader.Open(request.Run);
        var (images, refused, drawn) = Judged(request, reader, cancellation);
        if (images.Count > 0)
        {
            GateOutput.Tell(
                [.. refused.Select(r => (r.Name, r.Refusal, false)),
                    .. images.Where(i => i.Refusal is not null).Select(i => (i.Name, i.Refusal!, true))]);
            foreach (var line in FigurePage.Origins(reader.Card.Synthetic, drawn)) Console.WriteLine(line);
        }
        var reports = new List<ReadReport>();
        foreach (var report in reader.Read(images, decoding, map, cancellation: cancellation))
        {
            reports.Add(report);
            Console.WriteLine($"{report.Image.Name}: {report.Text}");
        }
        foreach (var file in outputs)
        {
            if (Path.GetExtension(file) == ".json")
                ReadingFiles.WriteJson(file, reader.Card.Provenance, reader.Card.Synthetic, drawn, reports, refused);
            else if (Path.GetExtension(file) == ".csv") ReadingFiles.WriteCsv(file, reports, refused);
            else FigurePage.Build(reports, reader.Card.Provenance, FigurePage.Origins(reader.Card.Synthetic, drawn), map, refused).Save(file);
            Console.WriteLine($"{file}: written");
        }
        return images.Count > 0 ? RadTexCommand.Success
            : throw new UserErrorException(GateOutput.NoneJudged([.. refused.Select(r => (r.Name, r.Refusal))]));
    }

    /// <summary>What is read, what the gate refuses, and whether the radiographs are drawn.</summary>
    private static (IReadOnlyList<ReadingImage> Images, List<(string Name, Refusal Refusal)> Refused, bool Drawn) Judged(
        Request request, RadiographReader reader, CancellationToken cancellation)
    {
        var find = ReadingInputs.Of(reader.Card, request.JudgeAll);
        IReadOnlyList<ReadingImage> images;
        var refused = new List<(string Name, Refusal Refusal)>();
        bool drawn = false;
        if (request.Inputs is [var only] && File.Exists(Path.Combine(only, DatasetFiles.Manifest)))
        {
            using var dataset = PreparedDataset.Open(only);
            images = find.OfSplit(dataset, request.Split ?? Split.Test, request.Most);
            drawn = dataset.Manifest.Synthetic;
        }
        else
        {
            if (request.Split is not null)
                throw new UserErrorException(
                    "--split is of a prepared dataset; pictures and folders have none. Leave --split out, or name one dataset.");
            (images, var unread, var rejected) = find.OfFiles(request.Inputs, request.Most);
            refused.AddRange(unread);
            foreach (var (path, reason) in rejected) Console.Error.WriteLine($"radtex: left out {path}: {reason}");
        }
        ReadingImage[] found =
            [.. images.Zip(reader.Check(images, cancellation: cancellation), (image, refusal) => image with { Refusal = refusal })];
        if (!request.JudgeAll) refused.AddRange(found.Where(image => image.Refusal is not null).Select(image => (image.Name, image.Refusal!)));
        return ([.. found.Where(image => image.Refusal is null || request.JudgeAll)], refused, drawn);
    }

    /// <summary>What is to be read.</summary>
    /// <param name="Run">A run, or the folder of its model.</param>
    /// <param name="Inputs">Pictures, folders of them, or one prepared dataset.</param>
    /// <param name="Split">Of a dataset; null where none was named.</param>
    /// <param name="Most">At most so many radiographs; null for all.</param>
    /// <param name="JudgeAll">Whether what the gate refuses is read too.</param>
    private sealed record Request(string Run, string[] Inputs, Split? Split, int? Most, bool JudgeAll);
}
