using Spectre.Console;

namespace RadTex.Cli;

/// <summary>Bold and red, where standard output or error is a terminal that shows them and NO_COLOR does not forbid it.</summary>
/// <remarks>Text is marked with characters that no text holds; <see cref="PrintableConsole"/> writes the terminal's sequences for them and lets no
/// other through.</remarks>
internal static class TerminalColour
{
    internal const char BoldMark = '\uFDD0', RedMark = '\uFDD1', EndMark = '\uFDD2';

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

    /// <summary>
    /// Columns for a table on standard output: the terminal's; where it is none, those of COLUMNS, else what logs and mails show without wrapping.
    /// </summary>
    internal static int TableWidth =>
        Console.IsOutputRedirected ? ColumnsOf(Environment.GetEnvironmentVariable("COLUMNS")) : Math.Clamp(Width, 40, 200);

    /// <summary>The width a variable asks for, 40 to 1,000; the usual one where it does not.</summary>
    internal static int ColumnsOf(string? variable) =>
        variable is not null && PlainNumber.TryParse(variable, out int columns) && columns is >= 40 and <= 1_000 ? columns : TerminalTable.UsualWidth;

    internal static string Bold(string text) => !Console.IsOutputRedirected && Shows ? $"{BoldMark}{text}{EndMark}" : text;

    /// <summary>For standard error.</summary>
    internal static string Red(string text) => !Console.IsErrorRedirected && Shows ? $"{RedMark}{text}{EndMark}" : text;
}
