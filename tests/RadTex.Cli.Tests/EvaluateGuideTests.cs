using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Preparing;
using RadTex.Studies;

namespace RadTex.Cli.Tests;

/// <summary>The commands of docs/evaluate.md, in the order they stand.</summary>
public sealed class EvaluateGuideTests
{
    private const int Side = TinyTransfer.Side;

    [Fact]
    public void The_guides_commands_work_one_after_the_other()
    {
        using var folder = new TemporaryFolder();
        WriteDataset(folder.File("dataset"), 1);
        WriteDataset(folder.File("local-dataset"), 2);
        WriteTable(folder, 3);
        using (var source = TinyTransfer.Encoder(0)) EncoderFolder.Write(
            folder.File("run/encoder"), source.Encoder, source.Card, SeenRadiographs.Nothing);
        string[] names = ["run/encoder", "dataset", "local-dataset", "transfer", "model.onnx", "local.onnx", "labels.csv", "pictures", "evaluation",
            "evaluation-table", "evaluation-local"];
        var page = File.ReadAllText(Path.Combine(SharedData.ProjectRoot, "docs", "evaluate.md"));
        string[] commands = [.. page.Split("```").Where((_, i) => i % 2 == 1).SelectMany(block => block.Split('\n')).Where(l =>
            l.StartsWith("radtex ", StringComparison.Ordinal))];
        commands.Length.ShouldBe(6);
        foreach (var command in commands)
        {
            var output = Run([.. command.Split(' ').Skip(1).Select((word, i) => i > 0 && names.Contains(word) ? folder.File(word) : word)]);
            if (command.StartsWith("radtex evaluate", StringComparison.Ordinal))
                output.Split('\n').SkipWhile(l => !l.Contains("AUCPR")).TakeWhile(l => !l.Contains(": written")).ShouldAllBe(l => l.Length <= 80);
        }
        File.ReadAllText(folder.File("evaluation-table/evaluation.html")).ShouldContain("a prevalence of 5.0%");
        var refused = RadTexProcess.Run(
            "evaluate", folder.File("local.onnx"), folder.File("local-dataset"), "--split", "train", "--label", "Edema", "--out", folder.File("x"));
        (refused.ExitCode, refused.Error.Contains("(recalibration)")).ShouldBe((2, true), refused.Error);
        Run("export", folder.File("run/encoder"), "--heads", folder.File("transfer"), "--without-patients", "--out", folder.File("without.onnx"));
    }

    // Stripes show the one label, their direction the other; one label in six is wrong.
    private static IEnumerable<(byte[] Pixels, double?[] Labels)> Draw(int count, int salt)
    {
        for (int i = 0; i < count; i++)
        {
            var random = new CounterRandom(31, (ulong)i, (ulong)salt);
            int edema = random.Below(2), heart = random.Below(2);
            byte[] pixels = [.. Enumerable.Range(0, Side * Side).Select(p =>
                (byte)(60 + p / Side / 4 % 2 * 60 * edema + p % Side / 8 % 2 * 50 * heart + random.Below(30)))];
            double Label(int truth) => random.Below(6) == 0 ? 1 - truth : truth;
            yield return (pixels, [Label(edema), Label(heart)]);
        }
    }

    private static void WriteDataset(string folder, int salt)
    {
        var writer = new PreparedDatasetWriter(["Edema", "Cardiomegaly"], Side) { Synthetic = true };
        foreach (var ((pixels, labels), i) in Draw(160, salt).Select((d, i) => (d, i)))
            writer.Add(new($"image{salt}-{i}", $"patient{salt}-{i / 2}", $"study{i}", "PA", i / 2 % 2 == 0 ? Split.Train
                : Split.Test, null, labels), pixels, Side, Side);
        writer.Write(folder);
    }

    private static void WriteTable(TemporaryFolder folder, int salt)
    {
        Directory.CreateDirectory(folder.File("pictures"));
        var rows = new List<string> { "path,patient_id,oedema,sex,age" };
        foreach (var ((pixels, labels), i) in Draw(60, salt).Select((d, i) => (d, i)))
        {
            Pictures.WriteGrey(folder.File($"pictures/{i}.png"), Side, Side, (x, y) => pixels[y * Side + x]);
            rows.Add($"{i}.png,person{i / 2},{labels[0]},{(i / 4 % 2 == 0 ? "F" : "M")},{30 + i}");
        }
        File.WriteAllLines(folder.File("labels.csv"), rows);
    }

    private static string Run(params string[] arguments)
    {
        var result = RadTexProcess.Run(arguments);
        result.ExitCode.ShouldBe(0, $"{string.Join(' ', arguments)}: {result.Error}");
        return result.Output;
    }
}
