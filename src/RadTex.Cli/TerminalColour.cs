using Spectre.Console;

namespace RadTex.Cli;

/// <summary>Bold and red, where standard output or error is a terminal that shows them and NO_COLOR does not forbid it.</summary>
internal static class TerminalColour
{
    private static bool Shows => AnsiConsole.Profile.Capabilities.Ansi && AnsiConsole.Profile.Capabilities.ColorSystem != ColorSystem.NoColors
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Columns of the terminal; 80 where it does not say.</summary>
    internal static int Width
    {
        get
        {
            try { return Console.WindowWidth > 0 ? Console.WindowWidth : 80; }
            catch (IOException) { return 80; }
        }
    }

    internal static string Bold(string text) => !Console.IsOutputRedirected && Shows ? $"\e[1m{text}\e[0m" : text;

    /// <summary>For standard error.</summary>
    internal static string Red(string text) => !Console.IsErrorRedirected && Shows ? $"\e[31m{text}\e[0m" : text;
}
