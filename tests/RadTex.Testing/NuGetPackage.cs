using System.Diagnostics;

namespace RadTex.Testing;

/// <summary>
/// Packages whose files tests compare with, from NuGet's folder or downloaded into it; a test skips, saying so, where one cannot be had.
/// </summary>
internal static class NuGetPackage
{
    private static readonly TimeSpan LongestDownload = TimeSpan.FromMinutes(3);

    /// <summary>The package's folder.</summary>
    internal static string Require(string id, string version)
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var folder = Path.Combine(packages, id.ToLowerInvariant(), version);
        // NuGet writes this file last.
        if (!File.Exists(Path.Combine(folder, ".nupkg.metadata"))) Download(id, version, packages);
        return folder;
    }

    private static void Download(string id, string version, string packages)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["package", "download", $"{id}@{version}", "--output", packages])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var (error, output) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        bool ended = process.WaitForExit(LongestDownload);
        if (!ended) process.Kill(entireProcessTree: true);
        var lines = $"{output.GetAwaiter().GetResult()}\n{error.GetAwaiter().GetResult()}"
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var why = ended ? string.Join(' ', lines.TakeLast(2)) : "it took too long";
        Assert.SkipUnless(ended && process.ExitCode == 0, $"needs the NuGet package {id} {version}, which could not be downloaded: {why}");
    }
}
