using System.Security.Cryptography;
using RadTex.Files;
using RadTex.Imaging.Dicom;

namespace RadTex.Studio.Pictures;

/// <summary>
/// The patients that DICOM files name, as codes under a key that lies beside the project: the same at every opening, and nobody's number.
/// </summary>
public static class OwnPatients
{
    private const int KeyBytes = 32;

    /// <summary>What a file says of its patient, as a code.</summary>
    /// <param name="keyPath">Where the key lies; made where it is not there.</param>
    public static Func<string, string?> Under(string keyPath)
    {
        if (!File.Exists(keyPath))
        {
            AtomicFile.WriteAllText(keyPath, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(keyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        byte[] key;
        try { key = Convert.FromHexString(RegularFile.ReadAllText(keyPath).Trim()); }
        catch (FormatException e) { throw new UserErrorException($"{keyPath} is no key of patients' codes: expected hexadecimal digits.", e); }
        return path => DicomPatient.Of(path, key);
    }
}
