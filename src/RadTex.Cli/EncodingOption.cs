using System.CommandLine;

namespace RadTex.Cli;

/// <summary>The <c>--encoding</c> option of commands that read tables and texts of one's own.</summary>
internal static class EncodingOption
{
    internal static Option<string?> Of() => new("--encoding")
    {
        Description = "The encoding of tables and texts of one's own: utf-8, windows-1252, latin1, utf-16, ... A byte order mark decides either way.",
        HelpName = "NAME",
    };
}
