using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models.Encoders;
using static TorchSharp.torch;

namespace RadTex.Cli.Tests;

public sealed class ImportCommandTests
{
    [Fact]
    public void A_key_map_renames_and_leaves_out_and_a_state_dict_needs_its_input_told()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var encoder = Encoders.Create(new("resnet18", 4), Draw.Stream);
        SafeTensors.Write(
            folder.File("w.safetensors"),
            [.. ModuleWeights.Of(encoder).Select(w => ("backbone." + w.Name.Replace("conv1", "c1", StringComparison.Ordinal), w.Tensor)),
                ("head.x", ones(1))]);
        File.WriteAllText(folder.File("map.json"), """{"backbone.*": "*", "backbone.c1.weight": "conv1.weight", "head.*": null}""");
        string[] line = ["import", "state-dict", folder.File("w.safetensors"), "--out", folder.File("encoder")];
        RadTexProcess.Run(line).Error.ShouldContain("--key-map");
        RadTexProcess.Run([.. line, "--key-map", folder.File("map.json")]).Error.ShouldContain("layer1.0.conv1.weight");
        File.WriteAllText(
            folder.File("w.json"),
            "{" + string.Join(
                ",",
                ModuleWeights.Of(encoder).Select(w => $"\"backbone.{w.Name.Replace("conv1", "c1", StringComparison.Ordinal)}\": \"{w.Name}\""))
                    + ", \"head.*\": null}");
        RadTexProcess.Run([.. line, "--key-map", folder.File("w.json")]).Error.ShouldContain("--scaling");
        RadTexProcess.Run([.. line, "--key-map", folder.File("w.json"), "--scaling", "max"]).Error.ShouldContain("--image-size");
        var run = RadTexProcess.Run([.. line, "--key-map", folder.File("w.json"), "--scaling", "max", "--image-size", "64"]);
        run.ExitCode.ShouldBe(0, run.Error);
        var (read, card) = EncoderFolder.Read(folder.File("encoder"));
        card.Width.ShouldBe(4);
        encoder.eval();
        var images = Draw.Uniform([1, 1, 64, 64]);
        read.Pool(images).equal(encoder.Pool(images)).all().item<bool>().ShouldBeTrue();
    }

    /// <summary>An ImageNet network of another program, as a graph, on real radiographs.</summary>
    [Fact]
    public void An_ONNX_network_from_a_package_transfers_to_real_radiographs()
    {
        var package = NuGetPackage.Require("Microsoft.ML.DnnImageFeaturizer.ResNet18", "0.23.1");
        string graph = Path.Combine(package, "tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx"), archive = SharedData.Require("nih-cxr14");
        using var folder = new TemporaryFolder();
        string Run(params string[] line)
        {
            var run = RadTexProcess.Run(line);
            run.ExitCode.ShouldBe(0, run.Error);
            return run.Output;
        }
        Run("prepare", "nih-cxr14", archive, "--out", folder.File("nih"), "--short-side", "224", "--limit", "240");

        Run("import", "onnx", graph, "--out", folder.File("encoder"), "--image-size", "224", "--order", "bgr", "--mean", "123.15,115.90,103.06",
            "--deviation", "1,1,1").ShouldContain("onnx, 1 channels, 224 px, scaling imagenet255, 512 features");
        var table = Run("transfer", folder.File("encoder"), folder.File("nih"), "--labels", "Pneumonia", "--examples", "60", "--trials", "3", "--out",
            folder.File("transfer"));
        TestContext.Current.TestOutputHelper?.WriteLine(table);

        Run("export", folder.File("encoder"), "--heads", folder.File("transfer"), "--out", folder.File("pneumonia.onnx"))
            .ShouldContain("ONNX Runtime agrees");
        var (code, _, refused) = RadTexProcess.Run(
            "transfer", folder.File("encoder"), folder.File("nih"), "--labels", "Pneumonia", "--mode", "fine-tune", "--examples", "60", "--out",
            folder.File("tuned"));
        (code, refused.Contains("cannot be trained", StringComparison.Ordinal)).ShouldBe((RadTexCommand.UserMistake, true), refused);
    }
}
