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
}
