using System.Security.Cryptography;
using System.Text;

namespace RadTex.Imaging.Dicom;

/// <summary>Whose radiograph a DICOM file is, without saying who that is.</summary>
internal static class DicomPatient
{
    private const int ShownBytes = 16;

    /// <summary>The file's PatientID as HMAC-SHA256 under a key, 32 hexadecimal digits; null where the file says none or is none.</summary>
    /// <remarks>Under a key, since hospitals' numbers are few enough to try them all.</remarks>
    internal static string? Of(string path, ReadOnlySpan<byte> key)
    {
        string id;
        try { id = GreyImageReader.DetectFormat(path) == ImageFormat.Dicom ? DicomFile.EarlyText(path, DicomTag.PatientId) : ""; }
        catch (Exception e) when (e is ImageFaultException or IOException or UnauthorizedAccessException)
        {
            return null; // preparing tells what is wrong with it
        }
        return id.Length == 0 ? null : Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(id))[..ShownBytes]);
    }
}
