using System.Text.RegularExpressions;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models.Encoders;

namespace RadTex.Cli.Tests;

/// <summary>The README's commands, run at smoke size in the order they stand, and the links between the pages.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void The_readmes_commands_work_one_after_the_other()
    {
        using var folder = new TemporaryFolder();
        var readme = File.ReadAllText(Path.Combine(SharedData.ProjectRoot, "README.md"));
        var commands = TableCommand().Matches(readme).Select(m => m.Groups[1].Value).Where(c => c.Split(' ')[0] is not ("help" or "completion"))
            .Prepend(
                QuickstartCommand().Match(readme).Groups[1].Value
                    + " --pretraining-count 40 --labelled-count 800 --pretraining-steps 2 --random-epochs 1").ToList();
        commands.Count.ShouldBe(23);
        File.WriteAllText(folder.File("serve.json"), "{}");
        using (var encoder = Encoders.Create(new("resnet18", 4, 3), Draw.Stream))
            SafeTensors.Write(folder.File("resnet50.safetensors"), ModuleWeights.Of(encoder));
        foreach (var command in commands)
        {
            var words = command.Replace("--count 1000", "--count 200 --size 96", StringComparison.Ordinal)
                .Replace("--out dataset", "--out dataset --short-side 96", StringComparison.Ordinal).Split(' ');
            string[] line = [words[0], .. words.Skip(1).Select(word => Place(word, folder))];
            if (line[0] == "pretrain") line = [.. line, "--max-steps", "2"];
            if (line[0] == "bundle") line = [.. line, "--without-program"]; // half a gigabyte
            if (line[0] == "reproduce") line = [.. line, .. SmallReproduction];
            if (line[0] == "quickstart") line = [.. line, "--out", folder.File("quickstart")];
            // The studio goes on until it is told to end: here when it listens and has its features.
            var result = line[0] == "studio"
                ? RadTexProcess.RunAndInterrupt(() => File.Exists(folder.File("dataset-labels.radtex.features/features.json")), line)
                : RadTexProcess.Run(line);
            result.ExitCode.ShouldBe(0, $"{command}: {result.Error}");
        }
    }

    [Fact]
    public void Sweeps_command_works_and_reproduces_is_the_readmes()
    {
        using var folder = new TemporaryFolder();
        RadTexProcess.Run("phantoms", "--count", "200", "--size", "96", "--out", folder.File("phantoms")).ExitCode.ShouldBe(0);
        RadTexProcess.Run("prepare", "mimic-cxr-jpg", folder.File("phantoms"), "--out", folder.File("dataset"), "--short-side", "96").ExitCode
            .ShouldBe(0);
        RadTexProcess.Run("pretrain", folder.File("dataset"), "--preset", "phantom", "--out", folder.File("run"), "--max-steps", "1").ExitCode
            .ShouldBe(0);
        var page = File.ReadAllText(Path.Combine(SharedData.ProjectRoot, "docs", "reproduce.md"));
        var commands = page.Split("```")[1].Split('\n').Where(l => l.StartsWith("radtex ", StringComparison.Ordinal))
            .Select(l => l["radtex ".Length..]).ToList();
        commands.Count.ShouldBe(2);
        foreach (var command in commands)
        {
            if (command.StartsWith("reproduce", StringComparison.Ordinal))
            {
                // The README's test runs it.
                File.ReadAllText(Path.Combine(SharedData.ProjectRoot, "README.md")).ShouldContain($"`radtex {command}`");
                continue;
            }
            var words = command.Split(' ');
            var result = RadTexProcess.Run([words[0], .. words.Skip(1).Select(word => Place(word, folder))]);
            result.ExitCode.ShouldBe(0, $"{command}: {result.Error}");
        }
        File.Exists(folder.File("sweep/results.parquet")).ShouldBeTrue();
    }

    [Fact]
    public void Every_page_stands_in_the_sites_contents()
    {
        var docs = Path.Combine(SharedData.ProjectRoot, "docs");
        string[] listed = [.. File.ReadAllLines(Path.Combine(docs, "toc.yml")).Select(l => l.Trim())
            .Where(l => l.StartsWith("href: ", StringComparison.Ordinal)).Select(l => l["href: ".Length..])];
        string[] pages = [.. new[] { docs, Path.Combine(docs, "results") }.SelectMany(folder => Directory.GetFiles(folder, "*.md"))
            .Select(page => Path.GetRelativePath(docs, page).Replace('\\', '/'))];
        pages.Except(listed).ShouldBeEmpty();
        listed.ShouldAllBe(page => File.Exists(Path.Combine(docs, page)));
    }

    [Fact]
    public void Links_between_the_pages_lead_somewhere()
    {
        var root = SharedData.ProjectRoot;
        foreach (
            var page in Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)
                .Append(Path.Combine(root, "README.md")))
            foreach (Match link in Link().Matches(File.ReadAllText(page)))
            {
                var target = link.Groups[1].Value.Split('#')[0];
                if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal)) continue;
                Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target)).ShouldBeTrue($"{page} links to {target}");
            }
    }

    /// <summary>configs/reproduce/phantom.json at smoke size: two pretrainings of two updates in processes of their own, two rows.</summary>
    private static readonly string[] SmallReproduction =
    [
        .. new[]
        {
            "datasets.reports.phantoms.count=40", "datasets.findings.phantoms.count=120", "pretrainings.whole.repeats=2",
            "pretrainings.whole.set=[\"training.max_steps=2\",\"log.validate_every_epochs=0\"]", "protocols.Phantoms9.labels=[\"Cardiomegaly\"]",
            "initialisations=[{\"name\":\"IN-Pretrained\",\"mode\":\"fine-tune\",\"role\":\"supervised\"},{\"name\":\"RadTex "
                + "Frozen\",\"role\":\"radtex\",\"pretraining\":\"whole\",\"paper_row\":\"radtex-frozen\"}]",
            "sweep.examples=[10,30]", "sweep.trials=2", "statistics.resamples=20", "statistics.describe_only=true",
        }.SelectMany(set => new[] { "--set", set }),
    ];

    // A folder or file of the README's examples lies in the test's own folder, one of the repository in the repository.
    private static string Place(string argument, TemporaryFolder folder) => argument switch
    {
        "phantoms" or "dataset" or "inspection" or "vocab.txt" or "run" or "run/encoder" or "transfer" or "imagenet" or "captioner" or "edema.onnx"
            or "predictions.csv" or "bundle.zip" or "serve.json" or "reports.html" or "evaluation" or "sweep" or "reproduction"
            => folder.File(argument),
        "radtex=run/encoder" => $"radtex={folder.File("run/encoder")}",
        _ when argument.StartsWith("configs/", StringComparison.Ordinal) => Path.Combine(SharedData.ProjectRoot, argument),
        "resnet50.pth" => folder.File("resnet50.safetensors"), // a small one of ours: nothing is downloaded
        _ when argument.StartsWith("tests/", StringComparison.Ordinal) => Path.Combine(SharedData.ProjectRoot, argument),
        _ => argument,
    };

    [GeneratedRegex(@"`radtex ([a-z][^`]* [^`]*(?<!--help))`")]
    private static partial Regex TableCommand();

    [GeneratedRegex(@"dotnet run --project src/RadTex\.Cli -c Release -- (.*)")]
    private static partial Regex QuickstartCommand();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
