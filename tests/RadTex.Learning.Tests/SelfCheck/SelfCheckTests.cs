using System.Text.Json.Nodes;
using RadTex.Learning.Models;
using RadTex.Learning.SelfCheck;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.SelfCheck;

public sealed class SelfCheckTests
{
    // finishing.json and paper.json in all precisions take minutes: bench/selfcheck.sh runs them.
    [Theory]
    [InlineData("tiny", Precision.Fp64, 317)]
    [InlineData("tiny", Precision.Fp32, 146)]
    [InlineData("tiny", Precision.Bf16, 146)]
    [InlineData("custom", Precision.Fp64, 481)] // made by bench/golden-case.py with PyTorch: ResNet-34, two layers, three beams
    [InlineData("finishing", Precision.Fp32, 281)]
    [InlineData("finishing", Precision.Bf16, 281)]
    public void Golden_case_agrees(string name, Precision precision, int quantities)
    {
        using var check = new GoldenCheck(Golden(name), precision, CPU);
        var checkedQuantities = check.Run();
        checkedQuantities.Where(q => !q.Passed).Select(q => $"{q.Name}: {q.Expected} | {q.Found}").ShouldBeEmpty();
        checkedQuantities.Count.ShouldBe(quantities);
    }

    [Theory]
    [InlineData("forward_loss", 1e-8)]
    [InlineData("total_gradient_norm", 1e-8)]
    public void A_number_that_is_off_is_found(string field, double relative)
    {
        using var folder = new TemporaryFolder();
        var json = JsonNode.Parse(File.ReadAllText(Golden("tiny")))!;
        json[field] = json[field]!.GetValue<double>() * (1 + relative);
        json["case"]!["optimizer"]!["steps"] = 0;
        json["training"] = new JsonArray();
        File.WriteAllText(folder.File("off.json"), json.ToJsonString());
        using var check = new GoldenCheck(folder.File("off.json"), Precision.Fp64, CPU);
        check.Run().First(q => !q.Passed).Name.ShouldBe(field);
    }

    [Fact]
    public void A_logit_past_a_captions_end_is_said_to_be_none()
    {
        using var folder = new TemporaryFolder();
        var json = JsonNode.Parse(File.ReadAllText(Golden("tiny")))!;
        json["case"]!["lengths"]![1] = 4; // three positions; the file's logit is of position 3
        json["case"]!["optimizer"]!["steps"] = 0;
        json["training"] = new JsonArray();
        File.WriteAllText(folder.File("short.json"), json.ToJsonString());
        using var check = new GoldenCheck(folder.File("short.json"), Precision.Fp64, CPU);

        var logits = check.Run().Where(q => q.Name.StartsWith("backward_logits_1_3_first8", StringComparison.Ordinal)).ShouldHaveSingleItem();

        logits.Found.ShouldContain("none: caption 1 has 3 positions");
        logits.Deviation.ShouldBeNull();
    }

    [Fact]
    public void A_parameter_of_another_shape_ends_the_check_at_once()
    {
        using var folder = new TemporaryFolder();
        var json = JsonNode.Parse(File.ReadAllText(Golden("tiny")))!;
        json["parameters"]!["visual.cnn.bn1.bias"] = new JsonArray(63);
        File.WriteAllText(folder.File("shape.json"), json.ToJsonString());
        using var check = new GoldenCheck(folder.File("shape.json"), Precision.Fp64, CPU);
        var only = check.Run().ShouldHaveSingleItem();
        only.Passed.ShouldBeFalse();
        only.Found.ShouldContain("visual.cnn.bn1.bias");
    }

    [Theory]
    [InlineData("{}", "golden case")]
    [InlineData("not json", "golden case")]
    [InlineData("""{"case": {"backbone": "resnet18"}}""", "golden case")]
    public void A_file_of_another_form_is_one_clear_error(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("bad.json"), content);
        Should.Throw<UserErrorException>(() => new GoldenCheck(folder.File("bad.json"), Precision.Fp64, CPU)).Message.ShouldContain(expected);
    }

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", $"{name}.json");
}
