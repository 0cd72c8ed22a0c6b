using RadTex.Checkpoints;
using RadTex.Data;
using RadTex.Tests.Onnx;

namespace RadTex.Tests.Cli;

/// <summary>The commands of docs/evaluate.md, in the order they stand.</summary>
public sealed class EvaluateGuideTests
{
    [Fact]
    public void The_guides_commands_work_one_after_the_other()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, seed) in new[] { ("dataset", "1"), ("local-dataset", "2") })
        {
            Run("phantoms", "--count", "120", "--size", "72", "--seed", seed, "--out", folder.File($"{name}-phantoms"));
            Run("prepare", "mimic-cxr-jpg", folder.File($"{name}-phantoms"), "--out", folder.File(name), "--short-side", "64", "--fractions", "0.5,0,0.5");
        }
        using (var source = TinyEncoder.Make()) EncoderFolder.Write(folder.File("run/encoder"), source.Encoder, source.Card, SeenRadiographs.Nothing);
        WriteTable(folder);
        string[] names = ["run/encoder", "dataset", "local-dataset", "transfer", "model.onnx", "local.onnx", "labels.csv", "pictures", "evaluation", "evaluation-table", "evaluation-local"];
        var page = File.ReadAllText(Path.Combine(SharedData.ProjectRoot, "docs", "evaluate.md"));
        string[] commands = [.. page.Split("```").Where((_, i) => i % 2 == 1).SelectMany(block => block.Split('\n')).Where(l => l.StartsWith("radtex ", StringComparison.Ordinal))];
        commands.Length.ShouldBe(6);
        foreach (var command in commands)
        {
            var output = Run([.. command.Split(' ').Skip(1).Select((word, i) => i > 0 && names.Contains(word) ? folder.File(word) : word)]);
            if (command.StartsWith("radtex evaluate", StringComparison.Ordinal)) output.Split('\n').SkipWhile(l => !l.Contains("AUCPR")).TakeWhile(l => !l.Contains(": written")).ShouldAllBe(l => l.Length <= 80);
        }
        File.ReadAllText(folder.File("evaluation-table/evaluation.html")).ShouldContain("a prevalence of 5.0%");
        var refused = RadTexProcess.Run("evaluate", folder.File("local.onnx"), folder.File("local-dataset"), "--split", "train", "--label", "Edema", "--out", folder.File("x"));
        (refused.ExitCode, refused.Error.Contains("(recalibration)")).ShouldBe((2, true), refused.Error);
    }

    // Pictures of their own folder, with labels by turns: the table is what is tested, not the model.
    private static void WriteTable(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.File("pictures"));
        var rows = new List<string> { "path,patient_id,oedema,sex,age" };
        foreach (var (file, i) in Directory.EnumerateFiles(folder.File("local-dataset-phantoms"), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(60).Select((f, i) => (f, i)))
        {
            File.Copy(file, folder.File($"pictures/{i}.jpg"));
            rows.Add($"{i}.jpg,person{i / 2},{i / 2 % 2},{(i / 4 % 2 == 0 ? "F" : "M")},{30 + i}");
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
