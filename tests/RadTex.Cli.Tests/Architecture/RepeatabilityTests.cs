using System.Text.RegularExpressions;

namespace RadTex.Cli.Tests.Architecture;

/// <summary>What a seed means, and whether a test passes, hangs on nothing that the process shares. Read from the sources.</summary>
public sealed partial class RepeatabilityTests
{
    [Fact]
    public void Only_the_training_loop_seeds_torchs_own_generator() =>
        Lines("src", SeedsTorch()).Select(l => l.File).Distinct().ShouldBe(["TrainingLoop.cs"]);

    [Fact]
    public void No_seed_of_the_product_goes_to_a_generator_that_a_release_of_net_may_change() => Lines("src", SystemRandom()).ShouldBeEmpty();

    [Fact]
    public void Tests_draw_from_torchs_own_generator_only_where_nothing_runs_beside_them() =>
        Lines("tests", TorchDraws()).Where(
            l => l.File != "Draw.cs" && !l.Source.Contains("[Collection(nameof(SerialTorch))]", StringComparison.Ordinal)).Select(l => l.Text)
                .ShouldBeEmpty();

    [Fact]
    public void Ordinary_tests_look_neither_at_the_clock_nor_at_the_processs_memory()
    {
        string[] explicitOnes = ["SpeedRatioTests.cs", "DecodingSpeedTests.cs", "StudioSpeed.cs", "FuzzRun.cs"];
        Lines("tests", Measures()).Where(l => l.File != "RepeatabilityTests.cs" && !explicitOnes.Contains(l.File)).Select(l => $"{l.File}: {l.Text}")
            .ShouldBeEmpty();
        foreach (var file in explicitOnes[..3])
            Facts().Matches(Sources("tests").Single(s => Path.GetFileName(s) == file) is var path ? File.ReadAllText(path) : "").Select(m => m.Value)
                .ShouldAllBe(f => f.Contains("Explicit = true"));
    }

    private static IEnumerable<(string File, string Text, string Source)> Lines(string folder, Regex pattern) =>
        from path in Sources(folder)
        let source = File.ReadAllText(path)
        from line in source.Split('\n')
        where !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && pattern.IsMatch(line)
        select (Path.GetFileName(path), line.Trim(), source);

    private static IEnumerable<string> Sources(string folder) => Directory
        .EnumerateFiles(Path.Combine(SharedData.ProjectRoot, folder), "*.cs", SearchOption.AllDirectories)
        .Where(p => !p.Contains("/obj/", StringComparison.Ordinal) && !p.Contains("/bin/", StringComparison.Ordinal));

    [GeneratedRegex(@"(?<!\w\.|\w)manual_seed\(")]
    private static partial Regex SeedsTorch();

    [GeneratedRegex(@"new Random\(|Random\.Shared")]
    private static partial Regex SystemRandom();

    // Python of Debian's, inside strings, says torch.randn.
    [GeneratedRegex(@"(?<![\w.])(manual_seed|(rand|randn|randint|randperm|rand_like|randn_like|bernoulli|multinomial)\((?!.*generator:))\(?")]
    private static partial Regex TorchDraws();

    [GeneratedRegex(@"\bStopwatch\b|ElapsedMilliseconds|TickCount|WorkingSet|PrivateMemory|GetTotalMemory|/proc/self/status|TotalProcessorTime")]
    private static partial Regex Measures();

    [GeneratedRegex(@"\[(Fact|Theory)[^\]]*\]")]
    private static partial Regex Facts();
}
