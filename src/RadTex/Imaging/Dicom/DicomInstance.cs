using System.Security.Cryptography;
using System.Text;
using RadTex.Imaging.Dicom.Reports;

namespace RadTex.Imaging.Dicom;

/// <summary>
/// A DICOM file as whoever files it asks: which instance it is, of what content, and what it states of itself. Its pixels are not read.
/// </summary>
/// <param name="Subject">Its identifiers, and what a report of it repeats.</param>
/// <param name="ContentSha256">Of transfer syntax and elements: group 2, which every node on the way writes anew, is left out.</param>
/// <param name="Modality">Such as "DX"; empty where it says none.</param>
/// <param name="View">Such as "PA"; empty where it says none.</param>
/// <param name="BodyPart">Such as "CHEST"; empty where it says none.</param>
/// <param name="Station">Station name; empty where it says none. Text of a site's own: for comparing, not for logs.</param>
/// <param name="Manufacturer">Of what made it; for comparing, not for logs.</param>
public sealed record DicomInstance(
    ReportSubject Subject, string ContentSha256, string Modality, string View, string BodyPart, string Station, string Manufacturer)
{
    /// <summary>Reads it of a file's bytes.</summary>
    /// <exception cref="ImageFaultException">Damaged, or without valid identifiers. The message holds no text of the file.</exception>
    public static DicomInstance Parse(byte[] bytes)
    {
        var (syntax, start) = DicomFile.Meta(bytes);
        if (!DicomUid.IsValid(syntax))
            throw new ImageFaultException(ImageFault.UnsupportedDicom, "its transfer syntax is no unique identifier");
        var data = DicomFile.Elements(bytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(syntax + "\n"));
        hash.AppendData(bytes.AsSpan(start));
        return new(
            ReportSubject.Of(data), Convert.ToHexStringLower(hash.GetHashAndReset()), data.Text(DicomTag.Modality), DicomImage.ViewOf(data),
            DicomImage.BodyPartOf(data), data.Text(DicomTag.StationName), data.Text(DicomTag.Manufacturer));
    }
}
