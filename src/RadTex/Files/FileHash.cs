using System.Security.Cryptography;

namespace RadTex.Files;

/// <summary>SHA-256 of files, as cards and manifests name them.</summary>
internal static class FileHash
{
    /// <summary>Lower-case hexadecimal.</summary>
    internal static string Sha256(string path)
    {
        using var stream = RegularFile.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
