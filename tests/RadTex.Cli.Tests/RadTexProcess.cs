using System.Diagnostics;

namespace RadTex.Cli.Tests;

/// <summary>The <c>radtex</c> command in a process of its own, as a user runs it.</summary>
internal static class RadTexProcess
{
    internal sealed record Result(int ExitCode, string Output, string Error);

    internal static Result Run(params string[] arguments)
    {
        using var process = Start(arguments);
        return Finish(process);
    }

    /// <summary>Runs with some variables more in its environment.</summary>
    internal static Result RunWith(Dictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(arguments, environment);
        return Finish(process);
    }

    /// <summary>Runs with some text on standard input.</summary>
    internal static Result RunWithInput(string input, params string[] arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return Finish(process);
    }

    /// <summary>Runs until <paramref name="when"/> holds, then sends Ctrl+C.</summary>
    internal static Result RunAndInterrupt(Func<bool> when, params string[] arguments) => RunAndInterrupt(_ => when(), arguments);

    /// <summary>Runs until <paramref name="when"/> holds of the process's id, then sends Ctrl+C.</summary>
    internal static Result RunAndInterrupt(Func<int, bool> when, params string[] arguments)
    {
        using var process = Start(arguments);
        while (!process.HasExited && !when(process.Id)) Thread.Sleep(5);
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"])) kill.WaitForExit();
        return Finish(process);
    }

    private static Process Start(string[] arguments, Dictionary<string, string>? environment = null)
    {
        // A background job of a shell ignores Ctrl+C, and so would what it starts.
        var start = new ProcessStartInfo(
            "env", ["--default-signal=INT", "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "RadTex.Cli.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static Result Finish(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Result(process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
