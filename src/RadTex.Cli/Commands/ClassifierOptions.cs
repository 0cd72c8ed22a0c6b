using System.CommandLine;
using RadTex.Learning.Export;
using RadTex.Learning.Models;
using RadTex.Learning.Transfer;
using RadTex.Prediction;

namespace RadTex.Cli.Commands;

/// <summary>A classifier, as an exported file or an encoder with heads, and what runs it.</summary>
internal sealed class ClassifierOptions
{
    private readonly Argument<string> model =
        new("MODEL")
        {
            Description =
                "An .onnx classifier of 'radtex export', an encoder's folder with --heads, or the folder of a fine-tuning 'radtex transfer'.",
        };
    private readonly HeadOptions heads = new();
    private readonly Option<string> runtime =
        ChoiceOption.Of("--runtime", "What runs an encoder's folder; an .onnx file runs on onnx.", "onnx", "onnx", "torch");
    private readonly Option<string> precision = EncoderOptions.PrecisionOption();
    private readonly Option<string> device = Devices.Option();
    private readonly Option<bool> judgeAll = GateOutput.JudgeAll();
    private readonly Option<int> batchSize =
        new("--batch-size") { Description = "Pictures a forward pass.", HelpName = "N", DefaultValueFactory = _ => 16 };

    internal void AddArgumentTo(Command command) => command.Arguments.Add(model);

    internal void AddOptionsTo(Command command)
    {
        heads.AddTo(command);
        foreach (var option in new Option[] { runtime, precision, device, judgeAll, batchSize }) command.Options.Add(option);
    }

    internal string Name(ParseResult parsed) => parsed.GetValue(model)!;

    internal bool JudgeAll(ParseResult parsed) => parsed.GetValue(judgeAll);

    internal int BatchSize(ParseResult parsed) =>
        parsed.GetValue(batchSize) is >= 1 and <= 4096 and var size ? size
            : throw new UserErrorException($"--batch-size {parsed.GetValue(batchSize)}: expected 1 to 4,096.");

    /// <summary>Whether the model is an exported file.</summary>
    internal bool IsExported(ParseResult parsed) => Name(parsed).EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>The folder of heads; null for an exported file.</summary>
    internal string? Heads(ParseResult parsed) => heads.Folder(parsed);

    /// <summary>Opens it.</summary>
    /// <exception cref="UserErrorException">Options that do not go together, no model, or an encoder without heads.</exception>
    internal OpenClassifier Open(ParseResult parsed)
    {
        var name = Name(parsed);
        bool torch = parsed.GetValue(runtime) == "torch";
        if (!torch && parsed.GetResult(precision) is { Implicit: false })
            throw new UserErrorException(
                "--precision is of torch's convolutions; ONNX Runtime computes in float32, or in int8 as exported. Leave --precision out, "
                + "or add --runtime torch with an encoder's folder.");
        if (IsExported(parsed))
        {
            if (heads.IsGiven(parsed)) throw new UserErrorException($"{name} holds its heads. Leave --heads, --head and --ensemble out.");
            if (torch)
                throw new UserErrorException($"{name} runs on ONNX Runtime. Leave --runtime out, or name the encoder's folder.");
            return new(OnnxRadiographModel.Open(name, parsed.GetValue(device)!), null);
        }
        var opened = heads.Open(parsed, name);
        try
        {
            if (!opened.HasHeads)
                throw new UserErrorException("An encoder alone tells features, not probabilities. Give --heads with the folder of a transfer on it.");
            return new(
                torch ? TorchRadiographModel.Of(opened, new(Precisions.Parse(parsed.GetValue(precision)!), Devices.Require(parsed.GetValue(device)!)))
                    : InMemoryModel.Of(opened, parsed.GetValue(device)!),
                opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>A model, and the networks it needs as long as it is used; null for an exported file.</summary>
    internal sealed record OpenClassifier(IRadiographModel Model, TrainedClassifier? Networks) : IDisposable
    {
        public void Dispose()
        {
            Model.Dispose();
            Networks?.Dispose();
        }
    }
}
