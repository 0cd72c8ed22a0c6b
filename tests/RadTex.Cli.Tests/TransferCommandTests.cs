using System.Text.Json;
using RadTex.Learning.Checkpoints;

namespace RadTex.Cli.Tests;

public sealed class TransferCommandTests
{
    [Fact]
    public void Fine_tuning_takes_the_practical_recipe_and_the_papers_where_it_is_named_or_weights_are_random()
    {
        using var folder = new TemporaryFolder();
        string dataset = TinyTransfer.WriteDataset(folder.File("dataset")), encoder = folder.File("encoder");
        using (var source = TinyTransfer.Encoder(0)) EncoderFolder.Write(encoder, source.Encoder, source.Card);
        JsonElement Identity(string output, string start, params string[] more)
        {
            var (code, _, error) = Run(start, output, more);
            code.ShouldBe(0, error);
            using var metrics = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.File(output), "metrics.json")));
            return metrics.RootElement.GetProperty("identity").Clone();
        }
        RadTexProcess.Result Run(string start, string output, params string[] more) => RadTexProcess.Run(
            ["transfer", start, dataset, "--mode", "fine-tune", "--labels", "Stripes", "--examples", "6", "--trials", "1", "--precision", "fp32",
            "--out", folder.File(output), .. more]);
        string Refusal(string start, params string[] more)
        {
            var (code, _, error) = Run(start, "refused", more);
            code.ShouldBe(RadTexCommand.UserMistake, error);
            return error;
        }

        var practical = Identity("practical", encoder);
        practical.GetProperty("recipe").ValueKind.ShouldBe(JsonValueKind.Null);
        practical.GetProperty("practical").GetProperty("encoder_rate").GetDouble().ShouldBeGreaterThan(0);
        foreach (
            var paper in new[] { Identity("paper", encoder, "--recipe", "paper", "--epochs", "2"),
                Identity("random", "random:resnet18:16", "--epochs", "2") })
        {
            paper.GetProperty("practical").ValueKind.ShouldBe(JsonValueKind.Null);
            paper.GetProperty("recipe").GetProperty("epochs").GetInt32().ShouldBe(2);
        }
        Refusal("random:resnet18:16", "--recipe", "practical").ShouldContain("random weights have learnt nothing");
        Refusal(encoder, "--train-batch", "8").ShouldContain("--train-batch is of the paper's recipe");
        Refusal(encoder, "--choose", "sgd:0.1,sgd:0.2").ShouldContain("--choose is of the paper's recipe");
        Refusal(encoder, "--recipe", "other").ShouldContain("--recipe 'other': expected practical or paper");
        var (exit, _, frozen) = RadTexProcess
            .Run("transfer", encoder, dataset, "--recipe", "paper", "--labels", "Stripes", "--out", folder.File("refused"));
        (exit, frozen.Contains("--recipe is for --mode fine-tune")).ShouldBe((RadTexCommand.UserMistake, true), frozen);
    }
}
