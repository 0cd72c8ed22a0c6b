namespace RadTex.Cli.Tests;

/// <summary>The command as a user meets it: a process, its exit code and its one line of error.</summary>
public sealed class RadTexCommandTests
{
    [Fact]
    public void Help_names_the_command_and_its_subcommands()
    {
        var (exit, output, _) = RadTexProcess.Run("--help");
        exit.ShouldBe(0);
        output.ShouldStartWith("radtex: ");
        foreach (var name in new[] { "phantoms", "prepare", "verify", "vocabulary", "selfcheck", "quickstart" }) output.ShouldContain($"  {name} ");
    }

    [Theory]
    [InlineData("selfcheck /nonexistent.json", "/nonexistent.json")]
    [InlineData("prepare nih-cxr14 /nonexistent --out x", "/nonexistent")]
    [InlineData("verify /nonexistent", "/nonexistent")]
    [InlineData("phantoms", "--out")]
    [InlineData("no-such-command", "no-such-command")]
    [InlineData("selfcheck", "FILE.json")]
    public void A_users_mistake_is_one_line_and_exit_2(string arguments, string named)
    {
        var (exit, _, error) = RadTexProcess.Run(arguments.Split(' '));
        exit.ShouldBe(RadTexCommand.UserMistake);
        error.TrimEnd().Split('\n')[^1].ShouldStartWith("radtex: ");
        error.ShouldContain(named);
        error.ShouldNotContain("   at ");
    }

    [Fact]
    public void A_refusal_names_the_option_that_lifts_it_where_the_command_has_one()
    {
        var refusal = new UserErrorException("x is there already. Choose another name, or replace it.") { Setting = "force" };
        var root = RadTexCommand.Build();
        string Told(string command) => RadTexCommand.MistakeIn(refusal, root.Subcommands.Single(c => c.Name == command))!;
        Told("predict").ShouldBe("x is there already. Choose another name, or replace it: --force.");
        Told("evaluate").ShouldBe(refusal.Message);
    }

    [Fact]
    public void A_device_that_is_not_there_is_one_line_and_exit_2()
    {
        var (exit, _, error) = RadTexProcess.Run("selfcheck", Path.Combine(AppContext.BaseDirectory, "Golden", "tiny.json"), "--device", "tpu");
        exit.ShouldBe(RadTexCommand.UserMistake);
        error.ShouldContain("--device 'tpu' is no device");
    }
}
