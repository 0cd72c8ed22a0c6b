#:project ../src/RadTex.Learning/RadTex.Learning.csproj

// Processor time a radiograph costs each architecture, in milliseconds: torch here (float32, bfloat16) and ONNX Runtime (float32), batches of 4.
// dotnet run -c Release bench/encoder-cost.cs -- [--channels 1] [ARCHITECTURE:SIDE ...]
// Processor time of the whole process, not the clock: other work beside it adds little. Weights are random, which changes no time.

using System.Diagnostics;
using System.Globalization;
using RadTex.Learning.Export;
using RadTex.Learning.Native;
using RadTex.Learning.Transfer;
using RadTex.Prediction.Onnx;
using static TorchSharp.torch;

TorchLibrary.EnsureLoaded();
const int Batch = 4;
string[] asked = args.Length > 0 ? args
    : ["resnet18:224", "resnet50:224", "densenet121:224", "vit-tiny-16:224", "vit-small-16:224", "vit-base-16:224", "vit-small-14-dino:224"];
Console.WriteLine("| encoder | px | parameters (M) | torch float32 | torch bfloat16 | ONNX Runtime float32 |\n| --- | --- | --- | --- | --- | --- |");
foreach (var (name, side) in asked.Select(a => a.Split(':')).Select(a => (a[0], int.Parse(a[1], CultureInfo.InvariantCulture))))
{
    using var source = EncoderSource.Random(name, 64, 0, side);
    var path = Path.Combine(Path.GetTempPath(), $"radtex-cost-{Environment.ProcessId}.onnx");
    ModelExport.Run(source, [], path, foldBatchNorm: true);
    using var model = OnnxModel.Open(path);
    File.Delete(path);
    double Torch(ScalarType type) => Cost(() =>
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        source.Encoder.Pool(rand([Batch, 1, side, side]).to(type));
    });
    var pixels = new float[Batch * side * side];
    double million = source.Encoder.parameters().Sum(p => p.numel()) / 1e6;
    FormattableString row = $"| {name} | {side} | {million:0.0} | {Torch(ScalarType.Float32):0} | {Torch(ScalarType.BFloat16):0} | {Cost(() => model.Run(pixels, Batch, "features")):0} |";
    Console.WriteLine(FormattableString.Invariant(row));
}

// Milliseconds of processor time an image: the least of three times at least half a second.
static double Cost(Action run)
{
    run();
    double least = double.PositiveInfinity;
    for (int round = 0; round < 3; round++)
    {
        int runs = 0;
        var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < 0.5) { run(); runs++; }
        process.Refresh();
        least = Math.Min(least, (process.TotalProcessorTime - before).TotalMilliseconds / runs / Batch);
    }
    return least;
}
