using System.CommandLine;
using RadTex.Learning.Models;
using RadTex.Learning.Transfer;

namespace RadTex.Cli.Commands;

/// <summary>The argument and options of every command that runs an encoder.</summary>
internal sealed class EncoderOptions
{
    private readonly Argument<string> encoder = new("ENCODER")
    {
        Description = "An encoder's folder, or random:resnet18[:WIDTH], random:resnet50, ... for fresh weights.",
    };
    private readonly Option<int?> imageSize = new("--image-size")
    {
        Description = "A random encoder's input, in pixels. Default: the dataset's short side.",
        HelpName = "S",
    };
    private readonly Option<string> precision = PrecisionOption();
    private readonly Option<int> batchSize = new("--batch-size")
    {
        Description = "Radiographs a forward pass; it changes no figure but by rounding.",
        HelpName = "N",
        DefaultValueFactory = _ => 32,
    };
    private readonly Option<string> device = Devices.Option();

    internal Option<long> Seed { get; } = new("--seed")
    {
        Description = "The seed of random weights, draws and folds.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
    };

    internal static Option<string> PrecisionOption() =>
        ChoiceOption.Of(
            "--precision", "The type of torch's convolutions; auto takes bf16 where the processor multiplies it.", "auto", "auto", "bf16", "fp32");

    internal void AddTo(Command command)
    {
        command.Arguments.Add(encoder);
        foreach (var option in new Option[] { imageSize, precision, batchSize, Seed, device }) command.Options.Add(option);
    }

    /// <summary>Opens the encoder; <paramref name="shortSide"/> is a random encoder's input where none is given.</summary>
    internal (EncoderSource Source, FeatureExtractor Extractor) Open(ParseResult parsed, int shortSide)
    {
        var source = OpenSource(parsed, shortSide);
        return (source, Extractor(parsed, source));
    }

    /// <summary>What runs an opened encoder.</summary>
    internal FeatureExtractor Extractor(ParseResult parsed, EncoderSource source) => new(source, Computing(parsed));

    /// <summary>Opens the encoder alone; random weights are those of the seed and the trial.</summary>
    internal EncoderSource OpenSource(ParseResult parsed, int shortSide, int trial = 0)
    {
        int side = parsed.GetValue(imageSize) ?? shortSide;
        if (side is < 32 or > 4096) throw new UserErrorException($"--image-size {side}: expected 32 to 4,096.");
        if (parsed.GetValue(imageSize) is { } asked && !EncoderSource.IsRandomName(parsed.GetValue(encoder)!))
            throw new UserErrorException(
                $"--image-size {asked} is for random encoders: {parsed.GetValue(encoder)} is a trained one, whose card states "
                    + "its input. Leave --image-size out.");
        return EncoderSource.Open(parsed.GetValue(encoder)!, parsed.GetValue(Seed) + trial, side);
    }

    /// <summary>Where nothing is drawn, a trained encoder has no use for a seed.</summary>
    internal void RefuseSeedOfTrained(ParseResult parsed)
    {
        if (parsed.GetResult(Seed) is { Implicit: false } && !EncoderSource.IsRandomName(parsed.GetValue(encoder)!))
            throw new UserErrorException($"--seed is of random weights: {parsed.GetValue(encoder)} is a trained encoder. Leave --seed out.");
    }

    /// <summary>The convolutions' precision, where to compute, and radiographs a forward pass.</summary>
    internal ComputeSettings Computing(ParseResult parsed)
    {
        int batch = parsed.GetValue(batchSize);
        if (batch is < 1 or > 4096) throw new UserErrorException($"--batch-size {batch}: expected 1 to 4,096.");
        return new(Precisions.Parse(parsed.GetValue(precision)!), Devices.Require(parsed.GetValue(device)!), batch);
    }
}
