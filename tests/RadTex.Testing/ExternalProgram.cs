using System.Diagnostics;

namespace RadTex.Testing;

/// <summary>Programs of the system that tests compare with; a test skips, saying so, where one is not installed.</summary>
internal static class ExternalProgram
{
    /// <summary>Runs <c>/usr/bin/NAME</c> to success and returns what it printed.</summary>
    internal static string Run(string name, string package, params IEnumerable<string> arguments)
    {
        var path = Path.Combine("/usr/bin", name);
        Assert.SkipUnless(File.Exists(path), $"needs {name}: apt-get install {package}");
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{name}: {error.GetAwaiter().GetResult()}");
        return output;
    }

    /// <summary>Runs Debian's Python on a script; skips where it lacks the module the script needs.</summary>
    internal static string RunPython(string module, string script, params IEnumerable<string> arguments)
    {
        Assert.SkipUnless(
            Directory.Exists($"/usr/lib/python3/dist-packages/{module}")
                && File.Exists("/usr/bin/python3"), $"needs Python's {module}: apt-get install python3-{module}");
        return Run("python3", "python3", ["-c", script, .. arguments]);
    }
}
