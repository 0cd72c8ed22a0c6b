using System.CommandLine;
using System.Text.Json;
using RadTex.Cli.Commands;

namespace RadTex.Cli.Tests;

public sealed class FrontDoorTests
{
    public static TheoryData<string> Paths => [.. Commands(RadTexCommand.Build()).Select(CommandHelp.Path)];

    [Fact]
    public void The_name_alone_shows_the_way_in()
    {
        var result = RadTexProcess.Run();
        result.ExitCode.ShouldBe(0);
        result.Error.ShouldBeEmpty();
        result.Output.ShouldContain("First steps");
        result.Output.ShouldContain("radtex quickstart");
    }

    [Fact]
    public void Help_groups_every_command_once_by_what_one_wants_to_do()
    {
        var root = RadTexCommand.Build();
        var grouped = RadTexCommand.Groups(root).SelectMany(g => g.Commands).ToList();
        grouped.ShouldBe(root.Subcommands.Where(c => !c.Hidden));
        RadTexCommand.Groups(root).ShouldAllBe(g => g.Title.Length > 0 && g.Commands.Any());
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Help_of_each_command_fits_80_columns_and_has_an_example_that_parses(string path)
    {
        using var text = new StringWriter();
        var command = Commands(RadTexCommand.Build()).Single(c => CommandHelp.Path(c) == path);
        CommandHelp.Write(command, new(text));
        // An example is copied from one line, however long.
        text.ToString().Split("\nExamples")[0].Split('\n').ShouldAllBe(line => line.Length <= 80);
        if (command.Parents.Any()) Examples.Of(path).ShouldNotBeEmpty();
        foreach (var example in Examples.Of(path)) ParseErrors.First(RadTexCommand.Build().Parse(example.Split(' ')[1..])).ShouldBeNull(example);
    }

    [Fact]
    public void Examples_of_import_name_origins_there_are()
    {
        using var folder = new TemporaryFolder();
        foreach (var example in Examples.Of("radtex import"))
        {
            var (exit, _, error) = RadTexProcess.Run([.. example.Split(' ')[1..3], folder.File("nowhere.pth"), "--out", folder.File("out")]);
            (exit, error.Contains("No weights at")).ShouldBe((RadTexCommand.UserMistake, true), $"{example}: {error}");
        }
    }

    [Fact]
    public void Options_of_all_sources_are_told_once()
    {
        RadTexProcess.Run("prepare", "--help").Output.ShouldContain("--short-side");
        var own = RadTexProcess.Run("help", "prepare", "table").Output;
        own.ShouldContain("--label-columns");
        own.ShouldNotContain("--short-side");
        own.ShouldContain("radtex prepare --help");
    }

    [Theory]
    [InlineData("prepar", "'prepar' is no command of radtex. Did you mean prepare?")]
    [InlineData("prepare nihcxr14 x", "'nihcxr14' is no command of radtex prepare. Did you mean nih-cxr14?")]
    [InlineData("transfer e d --lables Edema --out x", "--lables is no option of radtex transfer. Did you mean --labels?")]
    [InlineData("predict m.onnx a.png --otu x", "--otu is no option of radtex predict. Did you mean --out?")]
    [InlineData("verify a b", "'b' is one argument too many for radtex verify, which takes DATASET.")]
    [InlineData("prepare", "radtex prepare needs one of its commands: mimic-cxr,")]
    [InlineData("transfer", "radtex transfer needs ENCODER and DATASET and --labels A,B,... and --out DIR.")]
    [InlineData("help prepar", "'prepar' is no command of radtex. Did you mean prepare?")]
    public void Mistake_names_its_cause_and_what_was_probably_meant(string line, string expected)
    {
        var result = RadTexProcess.Run(line.Split(' '));
        result.ExitCode.ShouldBe(2);
        result.Error.Split('\n')[0].ShouldStartWith($"radtex: {expected}");
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("lables", "labels", 1)] // neighbours swapped
    [InlineData("prepar", "prepare", 1)]
    [InlineData("Edema", "edema", 0)]
    [InlineData("sweep", "score", 4)]
    public void Distance_counts_changes_of_letters(string a, string b, int expected)
    {
        ParseErrors.Distance(a, b).ShouldBe(expected);
        ParseErrors.Distance(b, a).ShouldBe(expected);
    }

    [Theory]
    [InlineData("radtex trans", "transfer")]
    [InlineData("radtex transfer a b --mode ", "fine-tune")]
    [InlineData("/usr/bin/radtex prepare nih", "nih-cxr14")]
    [InlineData("radtex verify data --ag", "--against")]
    [InlineData("radtex completion ", "zsh")]
    public void Completion_knows_commands_options_and_choices(string line, string expected) =>
        CompletionCommand.Completions(line, line.Length).ShouldContain(expected);

    [Fact]
    public void Completion_of_nothing_known_is_empty_and_no_error()
    {
        CompletionCommand.Completions("", 0).ShouldBeEmpty();
        CompletionCommand.Completions("radtex", 3).ShouldBeEmpty();
        CompletionCommand.Completions("radtex nonsense --x", 99).ShouldNotContain("--labels");
    }

    [Fact]
    public void Script_for_bash_completes()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder.File("radtex"), $"#!/bin/sh\nexec dotnet exec '{Path.Combine(AppContext.BaseDirectory, "RadTex.Cli.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.File("radtex"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var script = RadTexProcess.Run("completion", "bash").Output;
        var asked = $"PATH='{folder.Path}':$PATH; {script}\nCOMP_LINE='radtex ver'; COMP_POINT=10; COMP_WORDS=(radtex ver); "
            + $"COMP_CWORD=1; _radtex; echo \"${{COMPREPLY[@]}}\"";
        ExternalProgram.Run("bash", "bash", "-c", asked).Trim().ShouldBe("verify");
    }

    [Fact]
    public void Json_is_the_only_thing_on_standard_output()
    {
        using var folder = new TemporaryFolder();
        var drawn = RadTexProcess.Run("phantoms", "--count", "8", "--size", "64", "--out", folder.File("phantoms"), "--json");
        drawn.ExitCode.ShouldBe(0, drawn.Error);
        JsonDocument.Parse(drawn.Output).RootElement.GetProperty("radiographs").GetInt32().ShouldBe(8);
        var check = RadTexProcess.Run("selfcheck", Path.Combine(AppContext.BaseDirectory, "Golden", "tiny.json"), "--json");
        JsonDocument.Parse(check.Output).RootElement.EnumerateArray().ShouldAllBe(q => q.GetProperty("passed").GetBoolean());
    }

    [Fact]
    public void Selfcheck_sums_up_and_lists_on_request()
    {
        var golden = Path.Combine(AppContext.BaseDirectory, "Golden", "tiny.json");
        var brief = RadTexProcess.Run("selfcheck", golden).Output.Split('\n');
        brief.Length.ShouldBeLessThan(30);
        RadTexProcess.Run("selfcheck", golden, "--all").Output.Split('\n').Length.ShouldBeGreaterThan(300);
    }

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.Where(c => !c.Hidden).SelectMany(Commands).Prepend(command);
}
