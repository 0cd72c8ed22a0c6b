using System.Security.Cryptography;
using RadTex.Files;

namespace RadTex.Studio.Projects;

/// <summary>The key of a project's chain, in a file of its own beside it that its owner alone may read.</summary>
internal static class ProjectKey
{
    private const string Ending = ".key";

    internal static string PathOf(string project) => project + Ending;

    /// <summary>Makes a new one.</summary>
    internal static byte[] Create(string project)
    {
        var key = RandomNumberGenerator.GetBytes(EventChain.KeyBytes);
        var path = PathOf(project);
        if (File.Exists(path))
            throw new UserErrorException(
                $"{path} is there, but its project {project} is not. Expected neither or both: move the key elsewhere, or bring the project back.");
        AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key) + "\n")));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return key;
    }

    /// <exception cref="UserErrorException">It is missing or no key.</exception>
    internal static byte[] Read(string project)
    {
        var path = PathOf(project);
        if (!File.Exists(path))
            throw new UserErrorException($"{path} is missing: without its key {project} cannot be checked or gone on with. Copy the two together.");
        if (new FileInfo(path).Length > 1_000)
            throw new UserErrorException($"{path} is no key: it has {new FileInfo(path).Length:N0} bytes, expected 65.");
        try
        {
            var key = Convert.FromHexString(RegularFile.ReadAllText(path).Trim());
            if (key.Length == EventChain.KeyBytes) return key;
        }
        catch (FormatException) { }
        throw new UserErrorException($"{path} is no key: expected 64 hexadecimal digits. Copy it again.");
    }
}
