using System.Diagnostics;

namespace RadTex.Tests;

/// <summary>Debian's Python as an oracle. Where it or a package is absent, a test skips and says what to install.</summary>
internal static class DebianPython
{
    private const string Path = "/usr/bin/python3";

    /// <summary>Runs a script and returns what it printed; skips the test where a package is absent.</summary>
    /// <param name="packages">Debian's names, such as python3-torch; the module's name is what follows "python3-".</param>
    /// <param name="script">Python.</param>
    /// <param name="arguments">Its arguments.</param>
    internal static string Run(string[] packages, string script, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Path), $"needs {Path} as an oracle");
        foreach (var package in packages)
            Assert.SkipUnless(Has(package["python3-".Length..].Replace("pil", "PIL", StringComparison.Ordinal)), $"needs Debian's {package} as an oracle: apt-get install {package}");
        var (exit, output, error) = Start(["-c", script, .. arguments]);
        exit.ShouldBe(0, error);
        return output;
    }

    private static bool Has(string module) => Modules.GetOrAdd(module, m => Start(["-c", $"import {m}"]).Exit == 0);

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> Modules = new();

    private static (int Exit, string Output, string Error) Start(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["TORCH_CPP_LOG_LEVEL"] = "ERROR" } })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
