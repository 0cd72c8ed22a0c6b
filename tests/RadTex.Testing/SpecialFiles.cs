using System.Diagnostics;

namespace RadTex.Testing;

/// <summary>Files that are no files.</summary>
internal static class SpecialFiles
{
    /// <summary>A named pipe that nobody writes to: who opens it waits for ever.</summary>
    internal static string MakePipe(string path)
    {
        using var make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
        make.ExitCode.ShouldBe(0);
        return path;
    }
}
