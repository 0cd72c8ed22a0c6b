using RadTex.Data;
using RadTex.Files;
using RadTex.Imaging;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Preparing;

/// <summary>Opens one listed radiograph: its report first (cheap), then its picture. Safe to use from several threads at once.</summary>
internal sealed class RadiographPreparer(
    StudyListing listing, StudyOptions options, GreyImageReader images, CaptionRule rule, bool requireText, EarlierDataset? earlier = null)
{
    private const long LargestReportBytes = 1 << 20;

    internal (PreparedItem Item, byte[] Pixels) Prepare(Radiograph radiograph)
    {
        var (text, missing) = ReadText(radiograph);
        var (item, pixels) = missing is not null && (requireText || missing.Reason is RejectReason.PathOutsideRoot or RejectReason.ReportNotText)
            ? (missing, [])
            : ReadImage(radiograph, text);
        return (item with { NoText = missing?.Reason }, pixels);
    }

    private (PreparedItem Item, byte[] Pixels) ReadImage(Radiograph radiograph, string? text)
    {
        var path = listing.Images.Resolve(radiograph.ImagePath);
        if (path is null) return (PreparedItem.Rejected(RejectReason.PathOutsideRoot, "the image's path leads out of the source's folder"), []);
        try
        {
            var stamp = FileStamp.Of(path);
            var image = earlier?.Find(radiograph.ImagePath, stamp) ?? images.Read(path);
            var stated = radiograph.View.Length == 0 ? image.View : null;
            if (stated is not null && options.Views == ViewFilter.Frontal && Views.Refuse(stated) is { } refused)
                return (PreparedItem.Rejected(refused.Code, refused.Detail), []);
            return (
                new PreparedItem(
                    image.Height, image.Width, image.Upscaled, text, null, null, stated, stamp, null, image.SourceHeight, image.SourceWidth),
                image.Pixels);
        }
        catch (ImageFaultException e)
        {
            return (PreparedItem.Rejected(ReasonOf(e.Fault), e.Message), []);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (PreparedItem.Rejected(RejectReason.MissingImage, radiograph.ImagePath), []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (PreparedItem.Rejected(RejectReason.UnreadableImage, $"{radiograph.ImagePath} cannot be opened"), []);
        }
    }

    /// <summary>The text, or why there is none.</summary>
    private (string? Text, PreparedItem? Missing) ReadText(Radiograph radiograph)
    {
        var report = radiograph.ReportText;
        if (radiograph.ReportPath is not null)
        {
            var path = listing.Reports.Resolve(radiograph.ReportPath);
            if (path is null) return Missing(RejectReason.PathOutsideRoot, "the report's path leads out of the source's folder");
            var file = new FileInfo(path);
            if (!file.Exists) return Missing(RejectReason.MissingReport, radiograph.ReportPath);
            if (file.Length > LargestReportBytes)
                return Missing(RejectReason.ReportTooLarge, $"{file.Length:N0} bytes; at most {LargestReportBytes:N0} are read");
            if (RegularFile.Fault(path) is { } kind) return Missing(RejectReason.MissingReport, $"{radiograph.ReportPath} is {kind}");
            try { report = TextFile.Decode(RegularFile.ReadAllBytes(path), options.Encoding); }
            catch (Exception e) when (e is IOException
                or UnauthorizedAccessException)
            { return Missing(RejectReason.MissingReport, $"{radiograph.ReportPath} cannot be opened"); }
        }
        if (report is not null && TextFile.Fault(report) is { } fault) return Missing(RejectReason.ReportNotText, $"the report is {fault}");
        if (report is null) return Missing(RejectReason.MissingReport, "the source has no report for it");
        if (string.IsNullOrWhiteSpace(report)) return Missing(RejectReason.EmptyReport, "the report holds nothing");
        return rule.Caption(report, radiograph.Study) is { } text
            ? (text, null)
            : Missing(RejectReason.MissingSection, $"no text under the policy {rule.Policy.Name}");
    }

    private static (string?, PreparedItem?) Missing(string reason, string detail) => (null, PreparedItem.Rejected(reason, detail));

    private static string ReasonOf(ImageFault fault) => fault switch
    {
        ImageFault.Unreadable => RejectReason.UnreadableImage,
        ImageFault.UnsupportedFormat => RejectReason.UnsupportedFormat,
        ImageFault.UnsupportedDicom => RejectReason.DicomNotSupported,
        ImageFault.NotRadiography => RejectReason.NotRadiography,
        ImageFault.TooLarge => RejectReason.ImageTooLarge,
        ImageFault.Blank => RejectReason.BlankImage,
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
