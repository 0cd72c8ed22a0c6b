using System.Text.RegularExpressions;

namespace RadTex.Cli;

/// <summary>
/// The library names settings and steps, which any front end has; this one words them as its flags and commands:
/// <c>the setting 'split' = hash</c> as <c>--split hash</c>, <c>the step 'prepare'</c> as <c>'radtex prepare'</c>.
/// </summary>
internal static partial class SettingWords
{
    internal static string InFlags(string message) => Step().Replace(Setting().Replace(message, "--$1"), "'radtex $1'");

    [GeneratedRegex("(?:[Tt]he )?setting '([a-z][a-z-]*)'(?: =)?")]
    private static partial Regex Setting();

    [GeneratedRegex("(?:[Tt]he )?step '([a-z]+)'")]
    private static partial Regex Step();
}
