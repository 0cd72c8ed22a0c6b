using System.Globalization;
using System.Text.Json;
using Parquet;
using RadTex.Data;
using RadTex.Files;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Export;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Pretraining;
using RadTex.Prediction.Onnx;
using TorchSharp;

namespace RadTex.Cli.Tests;

/// <summary>From an encoder and labels to probabilities of pictures, through the commands a user types.</summary>
public sealed class PredictTests
{
    [Fact]
    public async Task Every_way_to_predict_gives_the_same_probabilities_and_says_where_they_come_from()
    {
        using var folder = new TemporaryFolder();
        string encoder = folder.File("encoder"), dataset = folder.File("dataset"), heads = folder.File("heads"), pictures = folder.File("phantoms");
        Ok("phantoms", "--count", "80", "--size", "80", "--out", pictures);
        Ok("prepare", "mimic-cxr-jpg", pictures, "--out", dataset, "--short-side", "64");
        using (var source = TinyEncoder.Make())
        {
            SeeOnce(source.Encoder, dataset);
            EncoderFolder.Write(encoder, source.Encoder, source.Card);
        }
        Ok(
            "transfer", encoder, dataset, "--labels", "Cardiomegaly,Edema", "--examples", "20,all", "--trials", "1", "--head", "logistic",
            "--precision", "fp32", "--out", heads);

        var torch = Predict(folder, "torch.csv", encoder, pictures, "--heads", heads, "--runtime", "torch", "--precision", "fp32");
        torch.ShouldNotBeEmpty();
        torch[0].ShouldStartWith(pictures);
        torch.Select(r => r.Split(',')[6]).Distinct().ShouldBe(["Cardiomegaly/nall/trial0/logistic", "Edema/nall/trial0/logistic"]);
        foreach (var row in torch.Select(r => r.Split(',')))
            row[5].ShouldBe(Probability(string.Join(',', row)) >= double.Parse(row[4], CultureInfo.InvariantCulture) ? "positive" : "negative");
        Same(torch, Predict(folder, "onnx.csv", encoder, pictures, "--heads", heads), 1e-4);
        Ok("export", encoder, "--heads", heads, "--out", folder.File("m.onnx"), "--fold-batch-norm").Output.ShouldContain("ONNX Runtime agrees");
        var exported = Predict(folder, "exported.csv", folder.File("m.onnx"), pictures);
        exported[0].Split(',')[2].ShouldBe("positive");
        exported[0].Split(',')[8].ShouldBe(FileHash.Sha256(folder.File("m.onnx")));
        torch[0].Split(',')[8].ShouldBe("");
        Same(exported, Predict(folder, "onnx2.csv", encoder, pictures, "--heads", heads), 1e-5);

        File.WriteAllText(folder.File("broken.png"), "no picture");
        var json = Ok(
            "predict", folder.File("m.onnx"), Directory.EnumerateFiles(pictures, "*.jpg", SearchOption.AllDirectories).First(),
            folder.File("broken.png"), "--out", folder.File("p.json"));
        json.Error.ShouldContain("left out");
        var root = JsonDocument.Parse(File.ReadAllText(folder.File("p.json"))).RootElement;
        root.GetProperty("left_out")[0].GetProperty("path").GetString().ShouldBe(folder.File("broken.png"));
        root.GetProperty("encoder").GetProperty("provenance").GetString().ShouldBe("a test");
        root.GetProperty("pictures")[0].GetProperty("probabilities")[1].GetProperty("label").GetString().ShouldBe("Edema");

        Ok("predict", folder.File("m.onnx"), pictures, "--out", folder.File("p.parquet"));
        using var stream = File.OpenRead(folder.File("p.parquet"));
        var reader = await ParquetReader.CreateAsync(stream);
        reader.Schema.DataFields.Select(f => f.Name).ShouldBe(
            ["path", "label", "outcome", "probability", "threshold", "decision", "head", "examples", "model_sha256", "encoder_sha256",
                "synthetic_encoder", "runtime", "gate", "gate_reason"]);
        using (var group = reader.OpenRowGroupReader(0)) group.RowCount.ShouldBe(exported.Length);

        // Who reads no further than the first line, or nothing at all, breaks no command.
        foreach (var next in new[] { "head -1", "true" })
        {
            string program = $"dotnet exec '{Path.Combine(AppContext.BaseDirectory, "RadTex.Cli.dll")}'", errors = folder.File("piped.txt");
            string[] commands = [$"predict '{folder.File("m.onnx")}' '{pictures}' --out '{folder.File($"{next[0]}.csv")}'",
                $"embed '{encoder}' '{pictures}' --out '{folder.File($"{next[0]}-features")}'"];
            foreach (var command in commands)
            {
                ExternalProgram.Run("bash", "bash", "-c", $"{program} {command} 2> '{errors}' | {next}; exit ${{PIPESTATUS[0]}}"); // to success
                File.ReadLines(errors).ShouldNotContain(line => line.StartsWith("radtex:") && !line.Contains("not judged"));
            }
        }

        Fails("predict", encoder, pictures, "--out", folder.File("x.csv")).ShouldContain("--heads");
        Fails("predict", folder.File("m.onnx"), folder.File("nothing"), "--out", folder.File("x.csv")).ShouldContain("neither a file nor a folder");
        Fails("predict", folder.File("m.onnx"), pictures, "--head", "nope", "--out", folder.File("x.csv"))
            .ShouldContain("Leave --heads, --head and --ensemble out");
        Fails("predict", folder.File("m.onnx"), pictures, "--precision", "bf16", "--out", folder.File("x.csv")).ShouldContain("--precision");
        Fails("predict", encoder, pictures, "--heads", heads, "--precision", "bf16", "--out", folder.File("x.csv")).ShouldContain("--runtime torch");
        Fails("embed", encoder, dataset, "--image-size", "128", "--out", folder.File("x")).ShouldContain("--image-size");
        Fails("transfer", encoder, dataset, "--image-size", "128", "--labels", "Edema", "--out", folder.File("x")).ShouldContain("--image-size");
        Fails("embed", encoder, dataset, "--seed", "3", "--out", folder.File("x")).ShouldContain("--seed");
        Fails("embed", encoder, dataset, "--short-side", "80", "--out", folder.File("x")).ShouldContain("--short-side");
        Fails("export", encoder, "--fold-batch-norm", "--out", folder.File("x.pth")).ShouldContain("--fold-batch-norm");
        Fails("export", encoder, "--count", "9", "--out", folder.File("x.onnx")).ShouldContain("--count");
        Fails("predict", folder.File("m.onnx"), pictures, "--out", folder.File("x.txt")).ShouldContain(".csv, .json or .parquet");
        Fails("predict", folder.File("p.parquet"), pictures, "--out", folder.File("x.csv")).ShouldContain("No encoder in");
        using (var other = TinyEncoder.Make(width: 4)) EncoderFolder.Write(folder.File("other"), other.Encoder, other.Card);
        Fails("export", folder.File("other"), "--heads", heads, "--out", folder.File("x.onnx")).ShouldContain("another encoder");
        Fails("export", encoder, "--heads", heads, "--head", "Edema/n5/trial0/logistic", "--out", folder.File("x.onnx"))
            .ShouldContain("no head 'Edema/n5");

        // int8: calibrated and measured on the dataset, and used by predict
        var int8 = Ok("export", encoder, "--heads", heads, "--out", folder.File("q.onnx"), "--int8", dataset, "--count", "24").Output;
        int8.ShouldContain("Edema: AUC 0.");
        int8.ShouldContain("synthetic radiographs");
        int8.ShouldContain("probabilities moved by");
        int8.ShouldContain("crossed the threshold");
        // The heads of so small an encoder of random weights are steep, so that rounding moves probabilities (by 0.05 on average); which
        // pictures are likelier must hardly change. What rounding does to the AUC of a trained encoder is measured under bench.
        var rounded = Predict(folder, "int8.csv", folder.File("q.onnx"), pictures);
        exported.Zip(rounded).Average(p => Math.Abs(Probability(p.First) - Probability(p.Second))).ShouldBeLessThan(0.1);
        foreach (var label in exported.GroupBy(r => r.Split(',')[1]))
        {
            double[] whole = [.. label.Select(Probability)], int8Values = [.. rounded.Where(r => r.Split(',')[1] == label.Key).Select(Probability)];
            MathNet.Numerics.Statistics.Correlation.Spearman(whole, int8Values).ShouldBeGreaterThan(0.9, label.Key);
        }
        using var quantised = OnnxModel.Open(folder.File("q.onnx"));
        quantised.Notes.Quantisation!.ShouldContain("24 radiographs");
        new FileInfo(folder.File("q.onnx")).Length.ShouldBeLessThan(new FileInfo(folder.File("m.onnx")).Length / 2);
    }

    // Batch norms that have seen such pictures: with made-up statistics the features would hardly differ between two of them.
    private static void SeeOnce(ImageEncoder encoder, string folder)
    {
        using var dataset = PreparedDataset.Open(folder);
        using var images = new RadiographBatches(dataset, new(64)).CentreViews([.. Enumerable.Range(0, 48)]);
        using var _ = torch.no_grad();
        encoder.train();
        for (int i = 0; i < 40; i++) encoder.forward(images).Dispose();
        encoder.eval();
    }

    private static void Same(string[] expected, string[] found, double tolerance)
    {
        found.Length.ShouldBe(expected.Length);
        foreach (var (a, b) in expected.Zip(found))
        {
            string[] one = a.Split(','), other = b.Split(',');
            other[..3].ShouldBe(one[..3]);
            Probability(b).ShouldBe(Probability(a), tolerance, a);
        }
    }

    [Fact]
    public void Predicting_with_inverted_bytes_is_one_line_and_exit_2()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("m.onnx");
        using (var source = TinyEncoder.Make()) ModelExport.Run(source, TinyEncoder.Heads(source.Encoder.FeatureWidth), path);
        var bytes = File.ReadAllBytes(path);
        for (int i = 0; i < 400; i++) bytes[bytes.Length / 2 + i] ^= 0xFF;
        File.WriteAllBytes(path, bytes);
        Pictures.WriteRadiograph(folder.File("pictures/a.png"), 1);
        var result = RadTexProcess.Run("predict", path, folder.File("pictures"), "--out", folder.File("p.csv"));
        result.ExitCode.ShouldBe(2);
        result.Error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("is damaged or was altered");
        File.Exists(folder.File("p.csv")).ShouldBeFalse();
    }

    private static double Probability(string row) => double.Parse(row.Split(',')[3], CultureInfo.InvariantCulture);

    private static string[] Predict(TemporaryFolder folder, string name, string model, string pictures, params string[] more)
    {
        Ok(["predict", model, pictures, "--out", folder.File(name), .. more]);
        return File.ReadAllLines(folder.File(name))[1..];
    }

    private static RadTexProcess.Result Ok(params string[] arguments)
    {
        var result = RadTexProcess.Run(arguments);
        result.ExitCode.ShouldBe(0, result.Error);
        return result;
    }

    private static string Fails(params string[] arguments)
    {
        var result = RadTexProcess.Run(arguments);
        result.ExitCode.ShouldBe(2, result.Output);
        return result.Error;
    }
}
