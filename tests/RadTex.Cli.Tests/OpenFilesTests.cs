using System.Diagnostics;

namespace RadTex.Cli.Tests;

/// <summary>A process that may open few files, and one whose output cannot be written: one line and exit code 2, no abort.</summary>
public sealed class OpenFilesTests
{
    [Theory]
    [InlineData("ulimit -n 64; ", "verify /nowhere", "only 64 files may be open at once; expected 256 or more")]
    [InlineData("", "--version > /dev/full", "No room is left")]
    [InlineData("", "verify /nowhere 2> /dev/full", "")]
    [InlineData("", "--version >&-", "standard output is closed")]
    [InlineData("", "verify /nowhere >&-", "standard output is closed")]
    public void What_the_shell_withholds_is_one_line_and_exit_2(string before, string command, string told)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /dev/full and /proc");
        using var process = Process.Start(
            new ProcessStartInfo("bash", ["-c", $"{before}exec dotnet exec '{Path.Combine(AppContext.BaseDirectory, "RadTex.Cli.dll")}' {command}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(RadTexCommand.UserMistake, error);
        error.ShouldContain(told);
        error.Trim().Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public void Where_standard_error_is_closed_standard_output_tells_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        using var process = Process.Start(
            new ProcessStartInfo("bash", ["-c", $"exec dotnet exec '{Path.Combine(AppContext.BaseDirectory, "RadTex.Cli.dll")}' --version 2>&-"])
            {
                RedirectStandardOutput = true,
            })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(RadTexCommand.UserMistake);
        output.ShouldContain("standard error is closed");
    }

    [Fact]
    public void A_limit_is_read_where_the_system_tells_one()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder.File("limits"),
            "Limit                     Soft Limit           Hard Limit           Units\nMax open files            255      "
                + "            4096                 files\n");
        OpenFiles.Fault(folder.File("limits")).ShouldNotBeNull().ShouldContain("only 255");
        File.WriteAllText(folder.File("limits"), "Max open files            256                  4096                 files\n");
        OpenFiles.Fault(folder.File("limits")).ShouldBeNull();
        OpenFiles.Fault(folder.File("nowhere")).ShouldBeNull();
    }
}
