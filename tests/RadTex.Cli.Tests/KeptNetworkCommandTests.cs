namespace RadTex.Cli.Tests;

/// <summary>From a fine-tuning to probabilities of pictures, through the commands a user types.</summary>
public sealed class KeptNetworkCommandTests
{
    [Fact]
    public void Fine_tuned_networks_are_exported_and_predict_alone_and_as_an_ensemble()
    {
        using var folder = new TemporaryFolder();
        string dataset = folder.File("dataset"), tuned = folder.File("tuned"), pictures = folder.File("phantoms");
        Ok("phantoms", "--count", "80", "--size", "80", "--out", pictures);
        Ok("prepare", "mimic-cxr-jpg", pictures, "--out", dataset, "--short-side", "64");
        Ok(
            "transfer", "random:resnet18:16", dataset, "--mode", "fine-tune", "--labels", "Cardiomegaly", "--examples", "10,20", "--trials", "2",
            "--epochs", "1", "--precision", "fp32", "--out", tuned)
            .ShouldContain("2 networks are kept in models/");

        string[] Predict(string name, string model, params string[] more)
        {
            Ok(["predict", model, pictures, "--out", folder.File(name), .. more]);
            return File.ReadAllLines(folder.File(name));
        }
        string[] Column(string[] lines, string name) => [.. lines[1..].Select(r => SplitCsv(r)[lines[0].Split(',').IndexOf(name)]).Distinct()];
        var one = Predict("one.csv", tuned);
        Column(one, "head").ShouldBe(["Cardiomegaly/n20/trial0/fine-tuned"]);
        var ensemble = Predict("ensemble.csv", tuned, "--ensemble");
        Column(ensemble, "head").ShouldBe(["Cardiomegaly/n20/trials0,1/fine-tuned"]);
        Column(ensemble, "encoder_sha256").ShouldHaveSingleItem().Split(' ').Length.ShouldBe(2);
        Column(ensemble, "encoder_sha256")[0].ShouldStartWith(Column(one, "encoder_sha256")[0]);

        Ok("export", tuned, "--ensemble", "--out", folder.File("ensemble.onnx"))
            .ShouldContain("an ensemble over trials, the mean of their probabilities: 2 networks of resnet18, 2 heads");
        Column(Predict("exported.csv", folder.File("ensemble.onnx")), "head").ShouldBe(Column(ensemble, "head"));
        Ok("export", Path.Combine(tuned, "models", "cardiomegaly-n20-trial1"), "--out", folder.File("one.pth")).ShouldContain("resnet18, 1 head;");
        Ok("embed", Path.Combine(tuned, "models", "cardiomegaly-n20-trial1"), dataset, "--out", folder.File("features"));
        Fails("export", tuned, "--ensemble", "--int8", dataset, "--out", folder.File("q.onnx")).ShouldContain("int8 takes one network");
        Fails("predict", folder.File("ensemble.onnx"), pictures, "--ensemble", "--out", folder.File("x.csv")).ShouldContain("holds its heads");
        Fails("predict", tuned, pictures, "--head", "Cardiomegaly/n10/trial0/fine-tuned", "--out", folder.File("x.csv"))
            .ShouldContain("keeps no network of");
    }

    // The ensemble's name has commas and stands in quotes.
    private static string[] SplitCsv(string row) => [.. System.Text.RegularExpressions.Regex.Matches(row, "(?:^|,)(?:\"([^\"]*)\"|([^,]*))")
        .Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value)];

    private static string Ok(params string[] arguments)
    {
        var result = RadTexProcess.Run(arguments);
        result.ExitCode.ShouldBe(0, result.Error);
        return result.Output;
    }

    private static string Fails(params string[] arguments)
    {
        var result = RadTexProcess.Run(arguments);
        result.ExitCode.ShouldBe(2, result.Output);
        return result.Error;
    }
}
