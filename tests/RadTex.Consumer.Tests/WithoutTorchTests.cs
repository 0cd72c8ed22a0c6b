using System.Diagnostics;
using RadTex.Heads;
using RadTex.Learning.Export;
using RadTex.Learning.Transfer;

namespace RadTex.Consumer.Tests;

/// <summary>A program that references RadTex alone.</summary>
public sealed class WithoutTorchTests : IDisposable
{
    private readonly OwnFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Data_text_imaging_heads_and_prediction_run_where_no_torch_is()
    {
        using (var source = EncoderSource.Random("resnet18", 4, 1, 32))
        {
            var random = new Random(1);
            double[] weights = [.. Enumerable.Range(0, source.Encoder.FeatureWidth).Select(_ => random.NextDouble() - 0.5)];
            var head = new TrainedHead(
                "Edema/n30/trial0/logistic", "Edema", 30, 0, HeadKind.Logistic, new(2, source.Encoder.FeatureWidth, weights, [0.5]));
            ModelExport.Run(source, [head], folder.File("model.onnx"));
        }

        var start = new ProcessStartInfo("dotnet", [Program, Directory.CreateDirectory(folder.File("work")).FullName, folder.File("model.onnx")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(0, await errors);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "imaging: 32 x 32", "data: 24 radiographs, odd", "text: the lungs are clear .", "heads: AUC 1.00 on its own examples",
            "prediction: 24 pictures by ONNX Runtime, float32",
        ]);
    }

    [Fact]
    public void Its_output_folder_holds_no_torch() => Directory
        .EnumerateFiles(Path.GetDirectoryName(Program)!, "*", SearchOption.AllDirectories).Select(Path.GetFileName)
        .Where(name => name!.Contains("torch", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();

    // Built beside these tests, under its own project's folder.
    private static string Program
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            while (own.Name != "RadTex.Consumer.Tests") own = own.Parent ?? throw new DirectoryNotFoundException(AppContext.BaseDirectory);
            var configuration = AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";
            return Path.Combine(own.Parent!.FullName, "RadTex.Consumer", "bin", configuration, "net10.0", "RadTex.Consumer.dll");
        }
    }
}
