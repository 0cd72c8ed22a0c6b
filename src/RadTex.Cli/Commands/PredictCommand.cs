using System.CommandLine;
using RadTex.Gating;
using RadTex.Prediction;
using RadTex.Transfer;

namespace RadTex.Cli.Commands;

/// <summary><c>radtex predict MODEL INPUT...</c>: probabilities of radiographs, with where they come from.</summary>
internal sealed class PredictCommand
{
    private readonly Argument<string> model = new("MODEL") { Description = "An .onnx classifier of 'radtex export', an encoder's folder with --heads, or the folder of a fine-tuning 'radtex transfer'." };
    private readonly Argument<string[]> inputs = new("INPUT") { Description = "Pictures, and folders of them.", Arity = ArgumentArity.OneOrMore };
    private readonly HeadOptions heads = new();
    private readonly Option<string> output = new("--out") { Description = "The file: .csv, .json or .parquet.", HelpName = "FILE", Required = true };
    private readonly Option<string> runtime = PrepareOptions.Choice("--runtime", "What runs an encoder's folder; an .onnx file runs on onnx.", "onnx", "onnx", "torch");
    private readonly Option<string> precision = EncoderOptions.PrecisionOption();
    private readonly Option<bool> judgeAll = GateOutput.JudgeAll();
    private readonly Option<int> batchSize = new("--batch-size") { Description = "Pictures a forward pass.", HelpName = "N", DefaultValueFactory = _ => 16 };

    private readonly Option<bool> force = ForceOption.Of("a file that is there");

    internal static Command Build()
    {
        var options = new PredictCommand();
        var command = new Command("predict", "Tell what a classifier says of radiographs.");
        command.Arguments.Add(options.model);
        command.Arguments.Add(options.inputs);
        options.heads.AddTo(command);
        foreach (var option in new Option[] { options.output, options.judgeAll, options.runtime, options.precision, options.batchSize, options.force }) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var path = parsed.GetValue(output)!;
        PredictionFile.CheckEnding(path);
        OutputFile.Require(path, parsed.GetValue(force));
        if (parsed.GetValue(batchSize) is < 1 or > 4096) throw new UserErrorException($"--batch-size {parsed.GetValue(batchSize)}: expected 1 to 4,096.");
        var name = parsed.GetValue(model)!;
        bool exported = name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
        if (exported && heads.IsGiven(parsed)) throw new UserErrorException($"{name} holds its heads. Leave --heads, --head and --ensemble out.");
        if (exported && parsed.GetValue(runtime) == "torch") throw new UserErrorException($"{name} runs on ONNX Runtime. Leave --runtime out, or name the encoder's folder.");
        if (parsed.GetResult(precision) is { Implicit: false } && (exported || parsed.GetValue(runtime) != "torch"))
            throw new UserErrorException("--precision is of torch's convolutions; ONNX Runtime computes in float32, or in int8 as exported. Leave --precision out, or add --runtime torch with an encoder's folder.");
        using var opened = exported ? null : heads.Open(parsed, name);
        using var classifier = opened is null ? OnnxRadiographModel.Open(name) : Of(parsed, opened);
        Predictions predictions;
        using (var display = new ProgressDisplay()) predictions = Predictions.Run(classifier, parsed.GetValue(inputs)!, parsed.GetValue(batchSize), parsed.GetValue(judgeAll), display, cancellation);
        PredictionFile.Write(path, predictions);
        (string, Refusal, bool)[] refused = [.. predictions.Pictures.Where(p => p.Refusal is not null).Select(p => (p.Name, p.Refusal!, p.Probabilities is not null))];
        if (predictions.Paths.Count > 0) GateOutput.Tell(refused);
        foreach (var (left, reason) in predictions.Rejected) Console.Error.WriteLine($"radtex: left out {left}: {reason}");
        Console.WriteLine($"{path}: {predictions.Paths.Count:N0} pictures, {predictions.Pictures.Count - predictions.Paths.Count:N0} not judged{GateOutput.Counts(predictions.Refusals)}, {predictions.Rejected.Count:N0} left out; read at {predictions.Notes.Preparation}; {predictions.Runtime}, {predictions.Paths.Count / predictions.ElapsedSeconds:0.0} pictures/s");
        if (predictions.Paths.Count > 0) return RadTexCommand.Success;
        throw new UserErrorException($"{GateOutput.NoneJudged([.. predictions.Pictures.Select(p => (p.Name, p.Refusal!))])} {path} has each reason.");
    }

    private IRadiographModel Of(ParseResult parsed, TrainedClassifier opened)
    {
        if (!opened.HasHeads) throw new UserErrorException("An encoder alone tells features, not probabilities. Give --heads with the folder of a transfer on it.");
        return parsed.GetValue(runtime) == "torch" ? TorchRadiographModel.Of(opened, EncoderOptions.Bfloat16(parsed.GetValue(precision)!)) : OnnxRadiographModel.Of(opened);
    }
}
