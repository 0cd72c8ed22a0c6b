using System.Diagnostics;
using System.Reflection;

namespace RadTex.Cli;

/// <summary>This program again, in a process of its own: as it was started, by its own name or by dotnet.</summary>
internal static class OwnProgram
{
    /// <summary>How it is started; what it writes comes here.</summary>
    internal static ProcessStartInfo With(params IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath!;
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet" ? ["exec", Assembly.GetExecutingAssembly().Location] : [];
        return new(program, [.. host, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
    }
}
