using System.Globalization;
using RadTex.Imaging;
using RadTex.Imaging.Dicom;
using RadTex.Imaging.Dicom.Reports;
using RadTex.Prediction;
using RadTex.Reporting;

namespace RadTex.Service.Judging;

/// <summary>
/// A picture for eyes: the radiograph as the model read it under the exact map of one finding, as a Secondary Capture. The warning stands in the
/// pixels, where no viewer leaves it out.
/// </summary>
/// <param name="Subject">The radiograph.</param>
/// <param name="Algorithm">The model.</param>
/// <param name="By">The service.</param>
/// <param name="Time">When it was judged, UTC.</param>
internal sealed record MapCapture(ReportSubject Subject, ReportAlgorithm Algorithm, ReportObserver By, DateTimeOffset Time)
{
    /// <summary>Its SOP class.</summary>
    internal const string SecondaryCapture = "1.2.840.10008.5.1.4.1.1.7";
    private const int LeastSide = 768, LineHeight = 24, Scale = 2, Margin = 6;
    private const byte White = 255;

    public required string Finding { get; init; }

    public required double Probability { get; init; }

    public required string Configuration { get; init; }

    internal string SopInstance => DicomContent.UidOf("map", Subject.SopInstance, Algorithm.Version, Configuration, Finding);

    /// <summary>The file's bytes.</summary>
    internal byte[] Bytes(GreyImage picture, ClassMap map)
    {
        int factor = Math.Max(1, (LeastSide + Math.Min(picture.Width, picture.Height) - 1) / Math.Min(picture.Width, picture.Height));
        int width = picture.Width * factor, height = picture.Height * factor + 3 * LineHeight + Margin;
        byte[] pixels = Pixels(picture, map, factor, width, height);
        string date = Time.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            clock = Time.UtcDateTime.ToString("HHmmss", CultureInfo.InvariantCulture);
        var document = new DicomContent();
        foreach (var (tag, (representation, value)) in Subject.Elements) document.Bytes(tag, representation, value);
        document.Text(0x0008_0008, "CS", "DERIVED", "SECONDARY").Text(0x0008_0012, "DA", date).Text(0x0008_0013, "TM", clock)
            .Text(DicomTag.SopClass, "UI", SecondaryCapture).Text(DicomTag.SopInstance, "UI", SopInstance).Text(0x0008_0023, "DA", date)
            .Text(0x0008_0033, "TM", clock).Text(DicomTag.Modality, "CS", "OT").Text(0x0008_0064, "CS", "WSD")
            .Text(DicomTag.Manufacturer, "LO", MeasurementReport.Maker).Text(0x0008_103E, "LO", $"RadTex map: {Answer.NotForDiagnosis}")
            .Text(0x0008_1090, "LO", MeasurementReport.Maker).Text(0x0018_1020, "LO", By.Version)
            .Text(
                0x0008_2111, "ST", CodedConcept.Plain($"Class map of {Finding} over the radiograph as the model read it. {Answer.NotForDiagnosis}."))
            .Sequence(0x0008_2112, new DicomContent().Text(0x0008_1150, "UI", Subject.SopClass).Text(0x0008_1155, "UI", Subject.SopInstance))
            .Text(DicomTag.StudyInstance, "UI", Subject.StudyUid)
            .Text(DicomTag.SeriesInstance, "UI", DicomContent.UidOf("map series", Subject.StudyUid, By.Name, By.Version, Algorithm.Version))
            .Text(0x0020_0011, "IS", "2").Text(0x0020_0013, "IS", "1").Text(0x0020_0020, "CS", "").Text(0x0020_0060, "CS", "")
            .Words(DicomTag.SamplesPerPixel, 3).Text(DicomTag.PhotometricInterpretation, "CS", "RGB").Words(0x0028_0006, 0)
            .Words(DicomTag.Rows, (ushort)height).Words(DicomTag.Columns, (ushort)width).Words(DicomTag.BitsAllocated, 8)
            .Words(DicomTag.BitsStored, 8).Words(DicomTag.HighBit, 7).Words(DicomTag.PixelRepresentation, 0).Text(0x0028_0301, "CS", "YES")
            .Bytes(DicomTag.PixelData, "OB", pixels)
            .Sequence(ContributingEquipment.Tag, ContributingEquipment.Of(Algorithm, By, Answer.NotForDiagnosis));
        return document.ToFile();
    }

    // [height, width, 3]: the picture under its map, lines of text below it.
    private byte[] Pixels(GreyImage picture, ClassMap map, int factor, int width, int height)
    {
        int shown = picture.Height * factor, side = Math.Min(picture.Height, picture.Width);
        int top = (picture.Height - side) / 2, left = (picture.Width - side) / 2;
        double most = Math.Max(map.Values.Max(Math.Abs), 1e-12);
        var grey = new byte[shown * width];
        for (int y = 0; y < shown; y++)
            for (int x = 0; x < width; x++) grey[y * width + x] = picture.Pixels[y / factor * picture.Width + x / factor];
        // The network saw the square in the middle.
        byte[] coloured = MapPicture.Pixels(grey, shown, width, (y, x) =>
        {
            double row = (y + 0.5) / factor, column = (x + 0.5) / factor;
            return row < top || row >= top + side || column < left || column >= left + side ? 0
                : map.At((row - top) / side * map.Height - 0.5, (column - left) / side * map.Width - 0.5) / most;
        });
        var page = new byte[3 * height * width];
        coloured.CopyTo(page, 0);
        var text = new byte[(height - shown) * width];
        string[] lines =
        [
            Answer.NotForDiagnosis, string.Create(CultureInfo.InvariantCulture, $"{Finding}: {Probability:0.000}"),
            $"RadTex {Algorithm.Name} {Algorithm.Version[..12]}",
        ];
        foreach (var (i, line) in lines.Index()) TinyFont.Write(text, width, Margin, Margin + i * LineHeight, line, White, Scale);
        for (int i = 0; i < text.Length; i++) page.AsSpan(3 * (shown * width + i), 3).Fill(text[i]);
        return page;
    }
}
