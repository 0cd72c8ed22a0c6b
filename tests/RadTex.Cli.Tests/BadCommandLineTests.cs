using System.Text.RegularExpressions;

namespace RadTex.Cli.Tests;

/// <summary>Plain mistakes of every command: each is one line and exit code 2, and nothing that was there is changed.</summary>
[Collection(nameof(SerialTorch))]
public sealed partial class BadCommandLineTests(TinyInputs inputs) : IClassFixture<TinyInputs>
{
    public static TheoryData<int, string> Lines => [.. BadCommandLines.All.Select((row, i) => (i, row.Line))];

    [Fact]
    public void There_are_at_least_150_lines_over_all_commands()
    {
        BadCommandLines.All.Length.ShouldBeGreaterThanOrEqualTo(150);
        foreach (var command in RadTexCommand.Build().Subcommands.Where(c => !c.Hidden))
            BadCommandLines.All.ShouldContain(row => row.Line.StartsWith(command.Name, StringComparison.Ordinal), command.Name);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_mistake_is_one_line_and_exit_2_and_changes_nothing(int row, string line)
    {
        var before = Snapshot();
        var result = await CapturedConsole.RunAsync(inputs.Words(line));
        ShouldBeOneLine(result, line);
        result.Error.ShouldContain(BadCommandLines.All[row].Told, Case.Insensitive, line);
        Snapshot().ShouldBe(before, line);
    }

    /// <summary>One line of what is wrong, at most one of where help is, exit code 2, and nothing that only a programmer reads.</summary>
    internal static void ShouldBeOneLine(RadTexProcess.Result result, string line)
    {
        result.ExitCode.ShouldBe(RadTexCommand.UserMistake, $"{line}\n{result.Error}");
        var told = result.Error.Split('\n')
            .Where(l => l.StartsWith("radtex: ", StringComparison.Ordinal) && !l.StartsWith("radtex: see '", StringComparison.Ordinal)).ToList();
        told.Count.ShouldBe(1, $"{line}\n{result.Error}");
        ProgrammersWords().IsMatch(result.Error).ShouldBeFalse($"{line}\n{result.Error}");
    }

    // What was there before, by name, length and time; what a refused command leaves behind (a lock, an empty folder) lies under new names.
    private List<(string, long, DateTime)> Snapshot() =>
        [.. new DirectoryInfo(inputs.Root).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(inputs.Root, f.FullName).StartsWith("new", StringComparison.Ordinal))
            .Select(f => (f.FullName, f.Length, f.LastWriteTimeUtc)).Order()];

    [GeneratedRegex(@"internal error|Exception|System\.|RadTex\.(?!Tests/)|Nullable|   at |`1|Object reference|Parameter '")]
    private static partial Regex ProgrammersWords();
}
