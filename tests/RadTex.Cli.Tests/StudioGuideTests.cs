using System.Text.RegularExpressions;

namespace RadTex.Cli.Tests;

/// <summary>The commands of docs/studio.md, at smoke size and in its order.</summary>
public sealed partial class StudioGuideTests
{
    [Fact]
    public void The_guides_commands_run_as_they_stand()
    {
        using var folder = new TemporaryFolder();
        var page = File.ReadAllText(Path.Combine(SharedData.ProjectRoot, "docs", "studio.md"));
        string[] commands = [.. Command().Matches(page).Select(m => m.Groups[1].Value)
            .Where(c => !c.Contains("quickstart", StringComparison.Ordinal) && !c.Contains("demo/", StringComparison.Ordinal))]; // the README's test
        commands.Select(c => string.Join(' ', c.Split(' ').Take(2))).ShouldBe(
            ["studio dataset", "studio export", "predict edema.onnx", "studio verify", "studio password", "studio dataset"]);
        Run(folder, "phantoms", "--count", "60", "--size", "96", "--out", "phantoms");
        Run(folder, "prepare", "mimic-cxr-jpg", "phantoms", "--out", "dataset", "--short-side", "96", "--split", "hash");
        Run(folder, "pretrain", "dataset", "--preset", "phantom", "--out", "run", "--max-steps", "1");
        Run(folder, "export", "run/encoder", "--out", "encoder.onnx");
        Directory.CreateDirectory(folder.File("pictures"));
        foreach (var path in Directory.GetFiles(folder.File("phantoms"), "*.jpg", SearchOption.AllDirectories).Take(3))
            File.Copy(path, folder.File($"pictures/{Path.GetFileName(path)}"));
        // The answers of an afternoon, of which the classifier is made.
        File.WriteAllLines(folder.File("known.csv"), KnownLabels(folder.File("dataset")));
        foreach (var command in commands)
        {
            string[] words = [.. command.Split(' ').Select(w => w == "run/encoder" ? "encoder.onnx" : w)];
            if (words is ["studio", "dataset", ..])
            {
                var project = folder.File(words.Contains("--passwords") ? "second.radtex" : "dataset-labels.radtex");
                words = [.. words, "--no-open", "--project", project, "--import", "known.csv"];
                Interrupt(folder, project, words);
            }
            else Run(folder, words);
        }
        File.Exists(folder.File("predictions.csv")).ShouldBeTrue();
        File.Exists(folder.File("heads/heads.json")).ShouldBeTrue();
    }

    private static IEnumerable<string> KnownLabels(string dataset)
    {
        using var opened = RadTex.Data.PreparedDataset.Open(dataset);
        int label = opened.LabelIndex("Edema");
        return ["image_id,Edema", .. opened.Radiographs.Select(r => $"{r.ImageId},{(r.Index % 3 == 0 ? 1 : r.Labels[label] > 0 ? 1 : 0)}")];
    }

    private static void Interrupt(TemporaryFolder folder, string project, string[] words)
    {
        // When it listens and has its features.
        var libraries = "";
        var result = RadTexProcess.RunAndInterrupt(
            process =>
            {
                if (!File.Exists(project + ".features/features.json")) return false;
                libraries = File.ReadAllText($"/proc/{process}/maps");
                return true;
            }, Placed(folder, words));
        result.ExitCode.ShouldBe(0, $"{string.Join(' ', words)}: {result.Error}");
        result.Output.ShouldContain("labels brought in");
        libraries.ShouldContain("libonnxruntime.so");
        libraries.ShouldNotContain("torch", Case.Insensitive); // the studio's process holds none, its assemblies neither
    }

    private static void Run(TemporaryFolder folder, params string[] words)
    {
        var input = words is ["studio", "password", ..] ? "a long enough password\n" : "";
        var result = RadTexProcess.RunWithInput(input, Placed(folder, words));
        result.ExitCode.ShouldBe(0, $"{string.Join(' ', words)}: {result.Error}");
    }

    // Files and folders of the guide lie in the test's own folder.
    private static string[] Placed(TemporaryFolder folder, string[] words) =>
        [.. words.Select((w, i) => i > 0 && Names.Contains(w.Split('/')[0]) ? folder.File(w) : w)];

    private static readonly string[] Names =
    [
        "phantoms", "dataset", "run", "encoder.onnx", "pictures", "known.csv", "labels.csv", "edema.onnx", "heads", "card.json", "predictions.csv",
        "dataset-labels.radtex", "passwords.txt",
    ];

    [GeneratedRegex(@"^radtex (.*)$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
