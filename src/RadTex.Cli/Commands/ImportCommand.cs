using System.CommandLine;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Checkpoints.Foreign;
using RadTex.Prediction;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex import ORIGIN FILE</c>: others' weights as an encoder folder, or VirTex's whole model.</summary>
internal sealed class ImportCommand
{
    private const string VirTex = "virtex";

    private readonly Argument<string> origin = new("ORIGIN")
    {
        Description = "torchvision, cxr14, torchxrayvision, timm, mae, dinov2, rad-dino, biovil, state-dict or mlnet for an encoder; onnx for any "
            + "encoder as a graph, frozen; virtex for a whole model to caption with.",
    };
    private readonly Argument<string> file = new("FILE")
    {
        Description = "A .pth, .pt, .ckpt or .safetensors file; of mlnet and onnx an .onnx. It is read as data: nothing in it can run.",
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
    private readonly Option<string?> features = new("--features")
    {
        Description = "onnx: the output, or a tensor inside, that is taken. Default: the only one that will do.",
        HelpName = "NAME",
    };
    private readonly Option<string?> mean = new("--mean")
    {
        Description = "onnx: what was subtracted from bytes (0 to 255), red, green, blue or one number, in place of --scaling.",
        HelpName = "A,B,C",
    };
    private readonly Option<string?> deviation = new("--deviation")
    {
        Description = "onnx: what bytes were divided by after that, in the same order; 1,1,1 for nothing.",
        HelpName = "A,B,C",
    };
    private readonly Option<string> order = ChoiceOption.Of("--order", "onnx: the order of the network's channels: rgb or bgr.", "rgb", "rgb", "bgr");
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
            var option in new Option[] { options.output, options.channels, options.imageSize, options.scaling, options.keyMap, options.features,
                options.mean, options.deviation, options.order, options.vocabulary, options.heads, options.force }) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed), cancellation));
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string name = parsed.GetValue(origin)!, path = parsed.GetValue(file)!, folder = parsed.GetValue(output)!;
        bool fromGraph = name == MlNetImport.Origin.Name;
        if (fromGraph) Refuse(parsed, name, keyMap); // its graph gives the names
        var keys = parsed.GetValue(keyMap) is { } map ? KeyMap.Read(map) : null;
        if (name != OnnxImport.Name) Refuse(parsed, name, features, mean, deviation, order);
        if (name == OnnxImport.Name)
        {
            Refuse(parsed, name, channels, keyMap, vocabulary, heads);
            Tell(folder, OnnxImport.Run(path, folder, Graph(parsed)));
        }
        else if (name == VirTex)
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
            Tell(folder, EncoderImport.Run(
                fromGraph ? MlNetImport.Origin : EncoderOrigin.Parse(name),
                path, folder, new(
                    parsed.GetValue(channels), parsed.GetValue(imageSize), parsed.GetValue(scaling) is { } s ? IntensityScalings.Parse(s) : null,
                    keys, parsed.GetValue(heads), parsed.GetValue(force))));
        }
        return RadTexCommand.Success;
    }

    private OnnxImportOptions Graph(ParseResult parsed)
    {
        int side = parsed.GetValue(imageSize) ?? throw new UserErrorException("A graph does not say its image size. Give --image-size, in pixels.");
        var (means, deviations) = (parsed.GetValue(mean), parsed.GetValue(deviation));
        if ((means is null) != (deviations is null)) throw new UserErrorException("--mean and --deviation go together. Give both, or --scaling.");
        if (means is null && parsed.GetResult(order) is { Implicit: false })
            throw new UserErrorException("--order is of --mean and --deviation. Give them, or leave it out.");
        if (means is null && parsed.GetValue(scaling) is null)
            throw new UserErrorException(
                $"A graph does not say how pixels become its input. Give --scaling with one of {string.Join(", ", IntensityScalings.Names)}, "
                    + "or --mean and --deviation.");
        if (means is not null && parsed.GetValue(scaling) is not null)
            throw new UserErrorException("--scaling and --mean are two ways to say the same. Leave one out.");
        return new(
            side, parsed.GetValue(scaling) is { } s ? IntensityScalings.Parse(s) : null,
            means is null ? null : new(Numbers("--mean", means), Numbers("--deviation", deviations!), parsed.GetValue(order) == "bgr"),
            parsed.GetValue(features), parsed.GetValue(force));
    }

    private static double[] Numbers(string option, string text) => [.. text.Split(',').Select(part =>
        PlainNumber.TryParse(part.Trim(), out double number) ? number
            : throw new UserErrorException($"{option} {text}: expected numbers such as 123.7,116.3,103.5."))];

    private static void Tell(string folder, (EncoderCard Card, IReadOnlyList<string> Notes) imported)
    {
        Tell(imported.Notes);
        var card = imported.Card;
        Console.WriteLine(
            $"{folder}: {card.Architecture}, {card.Channels} channels, {card.ImageSize} px, scaling "
                + $"{card.Scaling}, {card.FeatureWidth} features; weights {card.WeightsSha256}");
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
