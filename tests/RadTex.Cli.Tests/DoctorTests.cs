using System.Text.Json;

namespace RadTex.Cli.Tests;

public sealed class DoctorTests
{
    [Fact]
    public void Doctor_looks_at_each_part_and_gives_a_cure_wherever_one_is_not_as_it_should_be()
    {
        var result = RadTexProcess.Run("doctor", "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        using var findings = JsonDocument.Parse(result.Output);
        var parts = findings.RootElement.EnumerateArray().ToDictionary(f => f.GetProperty("part").GetString()!);
        string[] expected =
        [
            "platform", "processor", "threads", "memory", "disk", "pictures", "exported models", "training", "GPU", "JPEG 2000 and JPEG-LS in DICOM",
            "several processes",
        ];
        parts.Keys.ShouldBe(expected);
        foreach (var part in (string[])["pictures", "exported models", "training"]) parts[part].GetProperty("verdict").GetString().ShouldBe("ok");
        parts["training"].GetProperty("found").GetString()!.ShouldContain("torch 2.");
        foreach (var finding in parts.Values.Where(f => f.GetProperty("verdict").GetString() != "ok"))
            finding.GetProperty("cure").GetString().ShouldNotBeNullOrEmpty();
    }

    /// <summary>A package's README is the first thing that is read of it: what it shows are the programs that bench/packages.sh runs.</summary>
    [Fact]
    public void Package_readmes_show_the_examples_as_they_are()
    {
        var root = SharedData.ProjectRoot;
        foreach (var example in Directory.GetFiles(Path.Combine(root, "examples"), "*.cs"))
        {
            var lines = File.ReadAllLines(example);
            lines.Length.ShouldBeLessThan(40, example);
            var shown = string.Join('\n', lines.Where(line => !line.StartsWith("#:property", StringComparison.Ordinal)));
            Directory.GetFiles(Path.Combine(root, "src"), "README.md", SearchOption.AllDirectories).Select(File.ReadAllText)
                .Count(readme => readme.Contains(shown, StringComparison.Ordinal)).ShouldBe(1, example);
        }
    }
}
