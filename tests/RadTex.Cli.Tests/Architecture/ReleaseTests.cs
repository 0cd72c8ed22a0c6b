using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace RadTex.Cli.Tests.Architecture;

/// <summary>Version, changelog, packages and the contributor's guide tell the same; packaging/release.sh builds on it.</summary>
public sealed partial class ReleaseTests
{
    private static readonly string Root = SharedData.ProjectRoot;

    [Fact]
    public void The_changelogs_newest_version_is_the_projects_and_versions_fall()
    {
        Version[] versions = [.. VersionHeading().Matches(Text("CHANGELOG.md")).Select(m => Version.Parse(m.Groups[1].Value))];

        versions.First().ToString().ShouldBe(ProjectVersion);
        versions.ShouldBe(versions.Distinct().OrderDescending());
        // What is not released yet stands above; a release has no such heading.
        Heading().Matches(Text("CHANGELOG.md")).Select(m => m.Groups[1].Value).Except(versions.Select(v => v.ToString()))
            .ShouldBeSubsetOf(["Unreleased"]);
    }

    [Fact]
    public void Every_change_stands_under_a_group()
    {
        foreach (var version in Text("CHANGELOG.md").Split("\n## ")[1..].Where(v => !v.StartsWith("Unreleased", StringComparison.Ordinal)))
        {
            version.Split("\n### ")[0].ShouldNotContain("\n- ");
            foreach (var group in version.Split("\n### ")[1..])
                group.Split('\n')[0].Split(':')[0].ShouldBeOneOf("Added", "Changed", "Fixed", "Removed");
        }
    }

    [Fact]
    public void Packages_have_the_projects_version_alone_and_what_their_page_shows()
    {
        foreach (var project in Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            string[] properties = [.. XDocument.Load(project).Descendants("PropertyGroup").Elements().Select(e => e.Name.LocalName)];

            properties.ShouldNotContain(p => p == "Version" || p == "PackageVersion" || p.StartsWith("Version", StringComparison.Ordinal), project);
            properties.ShouldContain("Description", project);
            File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "README.md")).ShouldBeTrue(project);
        }
    }

    [Fact]
    public void Examples_name_the_projects_version()
    {
        var named = Directory.GetFiles(Path.Combine(Root, "examples"), "*.cs")
            .SelectMany(file => PackageLine().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)).ToArray();

        named.Length.ShouldBeGreaterThanOrEqualTo(5);
        named.ShouldAllBe(version => version == ProjectVersion);
    }

    [Fact]
    public void The_contributors_guide_quotes_code_that_is_compiled()
    {
        var quoted = DiffBlock().Matches(Text("CONTRIBUTING.md")).Select(m => m.Groups[1].Value).ToArray();

        quoted.Length.ShouldBe(6);
        foreach (var block in quoted)
        {
            var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines[0].ShouldStartWith("+++ ");
            var file = Text(lines[0]["+++ ".Length..]);
            var hunks = string.Join('\n', lines[1..]).Split("@@\n", StringSplitOptions.RemoveEmptyEntries);
            hunks.ShouldNotBeEmpty();
            foreach (var hunk in hunks)
            {
                string[] added = [.. hunk.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
                added.ShouldAllBe(line => line.StartsWith('+'));
                file.ShouldContain(string.Join('\n', added.Select(line => line[1..])), customMessage: lines[0]);
            }
        }
    }

    private static string ProjectVersion =>
        XDocument.Parse(Text("Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

    private static string Text(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    [GeneratedRegex(@"^## (\d+\.\d+\.\d+)$", RegexOptions.Multiline)]
    private static partial Regex VersionHeading();

    [GeneratedRegex(@"^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^#:package RadTex[\w.]*@(\S+)$", RegexOptions.Multiline)]
    private static partial Regex PackageLine();

    [GeneratedRegex(@"```diff\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex DiffBlock();
}
