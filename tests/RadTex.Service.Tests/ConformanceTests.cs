namespace RadTex.Service.Tests;

/// <summary>docs/service-conformance.md says what the code does.</summary>
public sealed class ConformanceTests
{
    [Fact]
    public void The_page_is_what_the_code_says()
    {
        var path = Path.Combine(SharedData.ProjectRoot, "docs", "service-conformance.md");
        var page = Conformance.ConformancePage.Markdown();
        bool isSame = File.Exists(path) && File.ReadAllText(path) == page;
        if (Environment.GetEnvironmentVariable("RADTEX_UPDATE_DOCS") == "1") File.WriteAllText(path, page);
        isSame.ShouldBeTrue($"{path} says something else. Run this test with RADTEX_UPDATE_DOCS=1 and commit what it writes.");
    }
}
