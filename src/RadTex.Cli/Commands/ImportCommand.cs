using System.CommandLine;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Checkpoints.Foreign;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex import ORIGIN FILE</c>: others' weights as an encoder folder, or VirTex's whole model.</summary>
internal sealed class ImportCommand
{
    private const string VirTex = "virtex";

    private readonly Argument<string> origin = new("ORIGIN")
    {
        Description = "torchvision, cxr14, torchxrayvision, timm, mae, dinov2, rad-dino, biovil, state-dict or mlnet for an encoder; virtex for a "
            + "whole model to caption with.",
    };
    private readonly Argument<string> file = new("FILE")
    {
        Description = "A .pth, .pt, .ckpt or .safetensors file; of mlnet its .onnx. It is read as data: nothing in it can run.",
    };
    private readonly Option<string> output = new("--out") { Description = "The folder to write.", HelpName = "DIR", Required = true };
    private readonly Option<int?> channels = new("--channels")
    {
        Description = "1 or 3 image channels; 1 of 3 sums the first convolution over them, with their standardisation. Default: the file's.",
        HelpName = "C",
    };
    private readonly Option<int?> imageSize = new("--image-size")
    {
        Description = "Side of the input in pixels. Default: the origin's.",
        HelpName = "S",
    };
    private readonly Option<string?> scaling = new("--scaling")
    {
        Description = "How pixels become input: max, imagenet, imagenet255 or plusminus1024. Default: the origin's.",
        HelpName = "NAME",
    };
    private readonly Option<string?> keyMap = new("--key-map")
    {
        Description = "A JSON object that renames keys, prefixes with *; null leaves a key out.",
        HelpName = "FILE.json",
    };
    private readonly Option<string?> vocabulary = new("--vocabulary")
    {
        Description = "virtex: its SentencePiece .vocab file. Without it captions come as token ids.",
        HelpName = "FILE",
    };
    private readonly Option<int?> heads = new("--heads")
    {
        Description = "virtex and transformers: attention heads. Default: one each 64 of the width.",
        HelpName = "N",
    };

    private readonly Option<bool> force = ForceOption.Of("an encoder or model of another file");

    internal static Command Build()
    {
        var options = new ImportCommand();
        var command = new Command(
            "import",
            "Bring in others' weights: torchvision, PyTorch, ML.NET, VirTex, safetensors. A key that is missing, left over "
                + "or misshapen is an error.");
        command.Arguments.Add(options.origin);
        command.Arguments.Add(options.file);
        foreach (
            var option in new Option[] { options.output, options.channels, options.imageSize, options.scaling, options.keyMap, options.vocabulary,
                options.heads, options.force }) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed), cancellation));
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string name = parsed.GetValue(origin)!, path = parsed.GetValue(file)!, folder = parsed.GetValue(output)!;
        bool fromGraph = name == MlNetImport.Origin.Name;
        if (fromGraph) Refuse(parsed, name, keyMap); // its graph gives the names
        var keys = parsed.GetValue(keyMap) is { } map ? KeyMap.Read(map) : null;
        if (name == VirTex)
        {
            Refuse(parsed, name, channels, imageSize, scaling);
            var (model, notes) = VirTexImport.Run(path, folder, parsed.GetValue(vocabulary), parsed.GetValue(heads), keys, parsed.GetValue(force));
            Tell(notes);
            Console.WriteLine(
                $"{folder}: {model.Model.Backbone}, {model.Model.Channels} channels, {model.ImageSize} px, scaling "
                    + $"{model.Scaling}, {model.Model.Layers} decoder layers of width {model.Model.Hidden}, "
                    + $"{model.Model.VocabularySize:N0} tokens");
        }
        else
        {
            Refuse(parsed, name, vocabulary);
            var (encoder, notes) = EncoderImport.Run(
                fromGraph ? MlNetImport.Origin : EncoderOrigin.Parse(name),
                path, folder, new(
                    parsed.GetValue(channels), parsed.GetValue(imageSize), parsed.GetValue(scaling) is { } s ? IntensityScalings.Parse(s) : null, keys,
                    parsed.GetValue(heads), parsed.GetValue(force)));
            Tell(notes);
            Console.WriteLine(
                $"{folder}: {encoder.Architecture}, {encoder.Channels} channels, {encoder.ImageSize} px, scaling "
                    + $"{encoder.Scaling}, {encoder.FeatureWidth} features; weights {encoder.WeightsSha256}");
        }
        return RadTexCommand.Success;
    }

    private static void Tell(IReadOnlyList<string> notes)
    {
        foreach (var note in notes) Console.WriteLine(note);
    }

    private static void Refuse(ParseResult parsed, string origin, params Option[] options)
    {
        foreach (var option in options)
            if (parsed.GetResult(option) is { Implicit: false })
                throw new UserErrorException($"{option.Name} does not go with {origin}. Leave it out.");
    }
}
