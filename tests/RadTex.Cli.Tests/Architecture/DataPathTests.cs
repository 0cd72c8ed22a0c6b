using System.Text.RegularExpressions;

namespace RadTex.Cli.Tests.Architecture;

/// <summary>The five paths of docs/architecture.md: every file is there, and is named by one before it or names one.</summary>
public sealed class DataPathTests
{
    private const int LongestPath = 14;

    public static TheoryData<string> Names => [.. DataPath.All.Select(p => p.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Files_of_a_path_hang_together_from_end_to_end(string name)
    {
        var files = DataPath.All.Single(p => p.Name == name).Files;
        string[] sources = [.. files.Select(f => File.ReadAllText(Path.Combine(SharedData.ProjectRoot, "src", $"{f}.cs")))];
        bool Names(int from, int to) => Regex.IsMatch(sources[from], $@"\b{DataPath.Type(files[to])}\b");
        for (int i = 1; i < files.Count; i++)
            Enumerable.Range(0, i).Any(j => Names(j, i) || Names(i, j)).ShouldBeTrue($"{files[i]} has nothing to do with those before it");
        files.Count.ShouldBeLessThanOrEqualTo(LongestPath);
    }

    [Fact]
    public void The_document_prints_the_paths_that_the_tests_hold() => GeneratedSection.Require("paths", DataPath.Table());
}
