using System.Runtime.CompilerServices;

namespace RadTex.Testing;

/// <summary>Where third-party test data lies: <c>../shared/data</c> from the project's root, or where RADTEX_SHARED_DATA points.</summary>
internal static class SharedData
{
    /// <summary>The full path of a file or folder of the shared data; skips the test, saying so, where it is absent.</summary>
    internal static string Require(string relative)
    {
        var path = Path.Combine(Root, relative);
        Assert.SkipUnless(Path.Exists(path), $"needs third-party data {relative}: put it under {Root} or set RADTEX_SHARED_DATA");
        return path;
    }

    private static string Root =>
        Environment.GetEnvironmentVariable("RADTEX_SHARED_DATA") ?? Path.Combine(ProjectRoot, "..", "shared", "data");

    /// <summary>The root of the project's checkout.</summary>
    internal static string ProjectRoot => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
