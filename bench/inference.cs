#:project ../src/RadTex.Learning/RadTex.Learning.csproj

// Inference, images/s: torch here (float32; bfloat16 with channels last), ONNX Runtime (float32, int8), and PyTorch from Debian, batch 1 and
// 16; then `radtex predict`'s own loop with the int8 model, pictures read from files, start-up left out.
// dotnet run -c Release bench/inference.cs -- ENCODER FLOAT.onnx INT8.onnx STATE.pth PICTURES [--rounds 5] [--seconds 2]
// ENCODER is a folder; the three files are its exports. Cases take turns within a round, so that a busy machine slows all alike; figures are
// medians over rounds, ratios medians of the rounds' own ratios to PyTorch at whichever batch it is faster (it reads no picture). PyTorch needs
// python3-torch, python3-torchvision and libopenblas0-pthread.

using System.Diagnostics;
using RadTex.Learning.Native;
using RadTex.Learning.Transfer;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;
using static TorchSharp.torch;

string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and int at ? args[at + 1] : otherwise;
int rounds = int.Parse(Option("--rounds", "5"));
double seconds = double.Parse(Option("--seconds", "2"));
TorchLibrary.EnsureLoaded();
using var source = EncoderSource.Open(args[0], 0, 256);
using var exact = OnnxModel.Open(args[1]);
using var int8 = OnnxModel.Open(args[2]);
using var classifier = OnnxRadiographModel.Open(args[2]);
string[] pictures = [.. Directory.EnumerateFiles(args[4], "*", SearchOption.AllDirectories).Order().Take(256)];
using var python = new PyTorch(args[3], source.Card.Architecture, source.Card.Channels, source.Card.ImageSize);

float[] Pixels(int batch) => [.. Enumerable.Range(0, batch * exact.Input.Length).Select(i => (float)(i * 0.618 % 1))];
double Torch(int batch, ScalarType type)
{
    using var images = tensor(Pixels(batch), [batch, source.Card.Channels, source.Card.ImageSize, source.Card.ImageSize]);
    return Rate(batch, () =>
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        source.Encoder.forward(images.to(type)).to(ScalarType.Float32).mean([2L, 3L]);
    });
}
double Onnx(OnnxModel model, int batch)
{
    var pixels = Pixels(batch);
    return Rate(batch, () => model.Run(pixels, batch, "features"));
}
double Rate(int batch, Action run)
{
    run();
    int done = 0;
    var watch = Stopwatch.StartNew();
    for (; watch.Elapsed.TotalSeconds < seconds; done += batch) run();
    return done / watch.Elapsed.TotalSeconds;
}
double Predict()
{
    var predictions = Predictions.Run(classifier, pictures);
    return predictions.Paths.Count / predictions.ElapsedSeconds;
}

const string reference = "PyTorch float32";
(string Name, int Batch, Func<double> Measure)[] cases =
[
    .. new[] { 1, 16 }.SelectMany(batch => new (string, int, Func<double>)[]
    {
        (reference, batch, () => python.Rate(batch, seconds)),
        ("TorchSharp float32", batch, () => Torch(batch, ScalarType.Float32)),
        ("TorchSharp bfloat16, channels last", batch, () => Torch(batch, ScalarType.BFloat16)),
        ("ONNX Runtime float32", batch, () => Onnx(exact, batch)),
        ("ONNX Runtime int8", batch, () => Onnx(int8, batch)),
    }),
    ("radtex predict, int8, pictures read", 16, Predict),
];
var figures = cases.Select(_ => new List<double>()).ToArray();
for (int round = 0; round < rounds; round++)
    for (int i = 0; i < cases.Length; i++) figures[i].Add(cases[i].Measure());

static double Median(IEnumerable<double> values) { double[] sorted = [.. values.Order()];
    return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2; }
double[][] peers = [.. cases.Select((c, i) => (c.Name, Figures: figures[i].ToArray())).Where(c => c.Name == reference).Select(c => c.Figures)];
double[] baseline = [.. Enumerable.Range(0, rounds).Select(r => peers.Max(p => p[r]))];
Console.WriteLine(
    $"{source.Card.Architecture}, {source.Card.Channels} x {source.Card.ImageSize} x {source.Card.ImageSize}, "
        + $"{Environment.ProcessorCount} processors, {rounds} rounds, {pictures.Length} pictures");
Console.WriteLine("\n| | batch | images/s | to PyTorch's faster batch | of the rounds |\n| --- | --- | --- | --- | --- |");
for (int i = 0; i < cases.Length; i++)
{
    double[] ratios = [.. figures[i].Zip(baseline, (a, b) => a / b)];
    Console.WriteLine(
        $"| {cases[i].Name} | {cases[i].Batch} | {Median(figures[i]):0.0} | {Median(ratios):0.00} | {ratios.Min():0.00} to {ratios.Max():0.00} |");
}

sealed class PyTorch : IDisposable
{
    private const string Script = """
        import sys, time, torch, torchvision
        path, name, channels, side = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
        model = getattr(torchvision.models, name)()
        if channels == 1: model.conv1 = torch.nn.Conv2d(1, 64, 7, 2, 3, bias=False)
        state = torch.load(path, weights_only=True)
        state = {k: v for k, v in state.items() if not k.startswith('fc.')}
        model.fc = torch.nn.Identity()
        model.load_state_dict(state, strict=True)
        model.eval()
        for line in sys.stdin:
            batch, seconds = line.split()
            images = torch.rand(int(batch), channels, side, side)
            with torch.inference_mode():
                model(images)
                done, start = 0, time.perf_counter()
                while time.perf_counter() - start < float(seconds): model(images); done += int(batch)
                print(done / (time.perf_counter() - start), flush=True)
        """;

    private readonly Process process;

    internal PyTorch(string path, string architecture, int channels, int side) => process = Process.Start(new ProcessStartInfo(
        "/usr/bin/python3", ["-c", Script, path, architecture, $"{channels}", $"{side}"]) { RedirectStandardInput = true,
        RedirectStandardOutput = true, Environment = { ["TORCH_CPP_LOG_LEVEL"] = "ERROR" } })!;

    internal double Rate(int batch, double seconds)
    {
        process.StandardInput.WriteLine($"{batch} {seconds}");
        return double.Parse(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("PyTorch ended"));
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
