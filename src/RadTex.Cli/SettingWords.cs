using System.Text.RegularExpressions;

namespace RadTex.Cli;

/// <summary>
/// The library names settings and steps, which any front end has; this one words them as its flags and commands:
/// <c>the setting 'split' = hash</c> as <c>--split hash</c>, <c>the setting 'text.vocabulary' = any</c>, which is of a pretraining's configuration,
/// as
/// <c>--set text.vocabulary=any</c>, and <c>the step 'prepare'</c> as <c>'radtex prepare'</c>.
/// </summary>
internal static partial class SettingWords
{
    internal static string InFlags(string message) =>
        Step().Replace(Setting().Replace(OfConfiguration().Replace(message, "--set $1=$2"), "--$1"), "'radtex $1'");

    [GeneratedRegex("(?:[Tt]he )?setting '([a-z][a-z-]*)'(?: =)?")]
    private static partial Regex Setting();

    /// <summary>Writes a line of the library's to the console.</summary>
    internal static void Tell(string line) => Console.WriteLine(InFlags(line));

    [GeneratedRegex(@"(?:[Tt]he )?setting '([a-z_]+\.[a-z_]+)' = ([\w.-]*\w)")]
    private static partial Regex OfConfiguration();

    [GeneratedRegex("(?:[Tt]he )?step '([a-z][a-z -]*)'")]
    private static partial Regex Step();
}
