using System.CommandLine;

namespace RadTex.Cli;

/// <summary>The <c>--force</c> option of commands that write a file, or a folder that cannot be gone on with: see docs/outputs.md.</summary>
internal static class ForceOption
{
    internal static Option<bool> Of(string what) => new("--force") { Description = $"Replace {what}." };
}
