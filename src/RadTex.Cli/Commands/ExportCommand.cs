using System.CommandLine;
using RadTex.Data;
using RadTex.Files;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Export;
using RadTex.Learning.Native;
using RadTex.Learning.Transfer;
using RadTex.Phantoms;

namespace RadTex.Cli.Commands;

/// <summary>
/// <c>radtex export ENCODER --out FILE</c>: an encoder or classifier for other programs; <c>radtex export RUN --captioner --out DIR</c>: a model that
/// writes reports.
/// </summary>
internal sealed class ExportCommand
{
    private const int DefaultCount = 128;

    private readonly Argument<string> encoder = new("ENCODER")
    {
        Description = "An encoder's folder, or that of a fine-tuning 'radtex transfer'; with --captioner, a run of 'radtex pretrain'.",
    };
    private readonly HeadOptions heads = new();
    private readonly Option<string> output = new("--out")
    {
        Description = "The file: .safetensors, .pth or .pt (torchvision's names, heads as fc), or .onnx. With --captioner, a new folder.",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<bool> captioner = new("--captioner")
    {
        Description = "The model that writes reports, as ONNX: encoder, decoder in two graphs, vocabulary and card in a folder.",
    };
    private readonly Option<bool> fold = new("--fold-batch-norm") { Description = "ONNX: make each batch norm part of the convolution before it." };
    private readonly Option<string?> int8 = new("--int8")
    {
        Description = "ONNX: quantise to int8, calibrated on this prepared dataset; AUC before and after on its test split.",
        HelpName = "DATASET",
    };
    private readonly Option<bool> withoutPatients = new("--without-patients")
    {
        Description = "ONNX: leave the hashed ids of the patients it learnt from out of the file; 'radtex evaluate' then knows pictures alone.",
    };
    private readonly Option<int> count = new("--count")
    {
        Description = "Radiographs to calibrate on.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultCount,
    };

    private readonly Option<bool> force = ForceOption.Of("a file that is there");

    internal static Command Build()
    {
        var options = new ExportCommand();
        var command = new Command(
            "export",
            "Write an encoder, with heads or without, as safetensors, for PyTorch or as ONNX, or a model that writes "
                + "reports as ONNX. It is read back and compared before it counts as done.");
        command.Arguments.Add(options.encoder);
        options.heads.AddTo(command);
        foreach (
            var option in new Option[] { options.output, options.captioner, options.fold, options.int8, options.count, options.withoutPatients,
                options.force }) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => options.Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var path = parsed.GetValue(output)!;
        if (parsed.GetValue(count) is < 1 or > 100_000) throw new UserErrorException($"--count {parsed.GetValue(count)}: expected 1 to 100,000.");
        if (parsed.GetResult(count) is { Implicit: false } && parsed.GetValue(int8) is null)
            throw new UserErrorException("--count is of the radiographs that --int8 calibrates on. Leave it out, or add --int8 DATASET.");
        if (parsed.GetValue(fold) && !parsed.GetValue(captioner) && !path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
            throw new UserErrorException($"--fold-batch-norm is for .onnx: {path} keeps torchvision's names, which have batch norms. Leave it out.");
        if (parsed.GetValue(captioner)) return Captioner(parsed, path);
        ModelExport.CheckEnding(path);
        OutputFile.Require(path, parsed.GetValue(force));
        using var opened = heads.Open(parsed, parsed.GetValue(encoder)!);
        var classifier = parsed.GetValue(withoutPatients) ? opened.WithoutPatients() : opened;
        if (parsed.GetValue(int8) is not { } folder)
        {
            var compared = ModelExport.Run(classifier, path, parsed.GetValue(fold));
            Console.WriteLine($"{path}: {Describe(classifier)}; {compared}; {new FileInfo(path).Length / 1e6:N1} MB");
            return RadTexCommand.Success;
        }
        var (source, chosen) = classifier.Single("int8");
        using var dataset = PreparedDataset.Open(folder);
        double error;
        IReadOnlyList<QuantisedAuc> aucs;
        using (var display = new ProgressDisplay())
            (error, aucs) = Int8Export.Run(source, chosen, dataset, parsed.GetValue(count), path, display, cancellation);
        Console.WriteLine(
            $"{path}: {source.Card.Architecture} in int8; features off by {error:0.000} of their deviation on "
                + $"{(dataset.Manifest.Synthetic ? "synthetic " : "")}radiographs of {folder}");
        foreach (var auc in aucs)
        {
            Console.WriteLine(
                $"{auc.Label}: AUC {Number(auc.Before)} in float32, {Number(auc.After)} in int8, on {auc.Count:N0} labelled test radiographs");
            var crossed = auc.CrossedShare is { } share
                ? $"{share.ToString("0.0%", System.Globalization.CultureInfo.InvariantCulture)} crossed the threshold {Number(auc.Threshold)}"
                : "more than two classes: no threshold";
            Console.WriteLine(
                $"{auc.Label}: of {auc.Compared:N0} test radiographs, probabilities moved by {Number(auc.Percentile95Shift)} at "
                    + $"most in 95%, {Number(auc.LargestShift)} at most; {crossed}");
        }
        if (aucs.Count == 0) Console.WriteLine("no --heads given: AUC n/a");
        return RadTexCommand.Success;
    }

    private static string Describe(TrainedClassifier classifier)
    {
        var networks = classifier.Networks;
        int count = networks.Sum(n => n.Heads.Count);
        var heads = count == 1 ? "1 head" : $"{count:N0} heads";
        var architecture = networks[0].Source.Card.Architecture;
        var made = networks.Count == 1 ? $"{architecture}, {heads}" : $"{networks.Count} networks of {architecture}, {heads}";
        return classifier.IsEnsemble ? $"an ensemble over trials, the mean of their probabilities: {made}" : made;
    }

    private int Captioner(ParseResult parsed, string path)
    {
        if (heads.IsGiven(parsed) || parsed.GetValue(int8) is not null)
            throw new UserErrorException("--captioner writes a model that writes reports: --heads and --int8 are for an encoder alone.");
        TorchLibrary.EnsureLoaded();
        var (model, vocabulary, card) = ModelFolder.Read(ModelFolder.Find(parsed.GetValue(encoder)!));
        using (model)
        {
            var compared = CaptionerExport.Run(model, vocabulary, card, path, PhantomPictures.Draw(3, card.ImageSize), parsed.GetValue(fold));
            Console.WriteLine(
                $"{path}: {card.Model.Backbone} and its decoder{(card.Synthetic ? ", learnt from synthetic radiographs" : "")}; {compared}");
        }
        return RadTexCommand.Success;
    }

    private static string Number(double? value) => value?.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture) ?? "n/a";
}
