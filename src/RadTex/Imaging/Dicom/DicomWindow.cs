namespace RadTex.Imaging.Dicom;

/// <summary>A window of values that is spread over the greys (PS3.3, C.11.2.1.2 and C.11.2.1.3).</summary>
internal sealed record DicomWindow(double Center, double Width, string Function)
{
    /// <summary>The file's first window; null where it has none or one of no width.</summary>
    /// <exception cref="ImageFaultException">Its function is not one of the standard's.</exception>
    internal static DicomWindow? Read(DicomDataset data) =>
        data.Decimal(DicomTag.WindowCenter) is { } center && data.Decimal(DicomTag.WindowWidth) is { } width ? Of(data, center, width) : null;

    /// <summary>All windows of the file that have a width.</summary>
    /// <exception cref="ImageFaultException">Their function is not one of the standard's.</exception>
    internal static IReadOnlyList<DicomWindow> ReadAll(DicomDataset data) =>
    [
        .. data.Decimals(DicomTag.WindowCenter).Zip(data.Decimals(DicomTag.WindowWidth))
            .Select(w => w is ({ } center, { } width) ? Of(data, center, width) : null).OfType<DicomWindow>(),
    ];

    private static DicomWindow? Of(DicomDataset data, double center, double width)
    {
        var function = data.Text(DicomTag.VoiLutFunction) is { Length: > 0 } name ? name : "LINEAR";
        if (function is not ("LINEAR" or "LINEAR_EXACT" or "SIGMOID"))
            throw new ImageFaultException(
                ImageFault.UnsupportedDicom, $"its VOI LUT function {DicomImageHeader.Word(function)} is none of the standard's");
        return (function == "LINEAR" ? width >= 1 : width > 0) ? new DicomWindow(center, width, function) : null;
    }

    /// <summary>0 to 1.</summary>
    internal double Apply(double x) => Function switch
    {
        "SIGMOID" => 1 / (1 + Math.Exp(-4 * (x - Center) / Width)),
        "LINEAR_EXACT" => Between(x, Center - Width / 2, Center + Width / 2),
        _ => Between(x, Center - 0.5 - (Width - 1) / 2, Center - 0.5 + (Width - 1) / 2),
    };

    private static double Between(double x, double low, double high) => x <= low ? 0 : x > high ? 1 : (x - low) / (high - low);
}
