namespace RadTex.Imaging.Dicom;

/// <summary>A radiograph of a DICOM file, decoded, with the view the file states.</summary>
/// <param name="Data">The elements.</param>
/// <param name="Header">The image's description.</param>
/// <param name="Words">Rows x columns stored words; the greyscale transformations work in place.</param>
internal sealed record DicomImage(DicomDataset Data, DicomImageHeader Header, ushort[] Words)
{
    /// <param name="path">The file.</param>
    /// <param name="anyModality">Read other modalities than radiography too.</param>
    /// <exception cref="ImageFaultException">Damaged, or of a kind that is not read.</exception>
    internal static DicomImage Read(string path, bool anyModality)
    {
        var file = DicomFile.Read(path);
        var modality = file.Dataset.Text(DicomTag.Modality);
        // A file without any, as anonymised archives have them, is taken for a radiograph.
        if (!anyModality && modality.Length > 0 && !Modalities.IsRadiography(modality))
            throw new ImageFaultException(ImageFault.NotRadiography, $"modality {DicomImageHeader.Word(modality)}; expected {Modalities.Expected}");
        var header = DicomImageHeader.Read(file.Dataset);
        if (file.Syntax.Coding == PixelCoding.Converter)
        {
            file = DicomConverter.ToNative(path, file.Syntax);
            var converted = DicomImageHeader.Read(file.Dataset);
            if ((converted.Rows, converted.Columns, converted.LowIsBright) != (header.Rows, header.Columns, header.LowIsBright))
                throw DicomPixels.Damaged(
                    $"decompressed it has {converted.Columns} x {converted.Rows} pixels, the header says {header.Columns} x {header.Rows}");
            header = converted;
        }
        return new DicomImage(file.Dataset, header, DicomPixels.Read(file, header));
    }

    internal string Modality => Data.Text(DicomTag.Modality);

    /// <summary>The body part examined, else the meaning of the anatomic region's code; empty where the file says neither.</summary>
    internal string BodyPart => BodyPartOf(Data);

    /// <summary>
    /// The projection as MIMIC-CXR names it where the file codes it: the view position, else the view code; empty where it says neither.
    /// </summary>
    internal string View => ViewOf(Data);

    internal static string BodyPartOf(DicomDataset data) =>
        data.Text(DicomTag.BodyPartExamined) is { Length: > 0 } part
            ? part
            : data.FirstItem(DicomTag.AnatomicRegionSequence)?.Text(DicomTag.CodeMeaning) ?? "";

    internal static string ViewOf(DicomDataset data)
    {
        var view = data.Text(DicomTag.ViewPosition);
        if (view.Length == 0) view = data.FirstItem(DicomTag.ViewCodeSequence)?.Text(DicomTag.CodeMeaning) ?? "";
        view = view.ToUpperInvariant() switch
        {
            "POSTERO-ANTERIOR" => "PA",
            "ANTERO-POSTERIOR" => "AP",
            "LEFT LATERAL" => "LL",
            var other => other,
        };
        return view.Length <= 32 && view.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '_' or '-' or '/') ? view : "";
    }
}
