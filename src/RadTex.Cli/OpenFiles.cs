using System.Globalization;

namespace RadTex.Cli;

/// <summary>How many files the process may open. Below what the runtime itself needs it would be aborted in the middle of anything.</summary>
internal static class OpenFiles
{
    /// <summary>A margin, not a measured need: with 40 the process was aborted.</summary>
    internal const int Least = 256;

    /// <summary>What is wrong, in words; null where enough may be opened, or where the system does not tell.</summary>
    internal static string? Fault(string limits = "/proc/self/limits")
    {
        try
        {
            var line = File.ReadLines(limits).FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
            return line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0] is { } text
                && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int most) && most < Least
                ? $"only {most} files may be open at once; expected {Least} or more. Raise it with 'ulimit -n 1024' and run the same command again."
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return null; }
    }
}
