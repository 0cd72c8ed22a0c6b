using System.Security.Cryptography;

namespace RadTex.Files;

/// <summary>The key of a record's chain (<see cref="FieldChain"/>), in a file of its own beside it that its owner alone may read.</summary>
internal static class ChainKey
{
    private const string Ending = ".key";

    internal static string PathOf(string record) => record + Ending;

    /// <summary>Makes a new one.</summary>
    /// <param name="record">The file that is tied by it.</param>
    /// <param name="kind">What that file is, such as "project".</param>
    internal static byte[] Create(string record, string kind)
    {
        var key = RandomNumberGenerator.GetBytes(FieldChain.KeyBytes);
        var path = PathOf(record);
        if (File.Exists(path))
            throw new UserErrorException(
                $"{path} is there, but its {kind} {record} is not. Expected neither or both: move the key elsewhere, or bring the {kind} back.");
        AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key) + "\n")));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return key;
    }

    /// <exception cref="UserErrorException">It is missing or no key.</exception>
    internal static byte[] Read(string record)
    {
        var path = PathOf(record);
        if (!File.Exists(path))
            throw new UserErrorException($"{path} is missing: without its key {record} cannot be checked or gone on with. Copy the two together.");
        if (new FileInfo(path).Length > 1_000)
            throw new UserErrorException($"{path} is no key: it has {new FileInfo(path).Length:N0} bytes, expected 65.");
        try
        {
            var key = Convert.FromHexString(RegularFile.ReadAllText(path).Trim());
            if (key.Length == FieldChain.KeyBytes) return key;
        }
        catch (FormatException) { }
        throw new UserErrorException($"{path} is no key: expected 64 hexadecimal digits. Copy it again.");
    }
}
