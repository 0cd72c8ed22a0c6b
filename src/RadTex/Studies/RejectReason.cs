namespace RadTex.Studies;

/// <summary>Why an input was left out: the codes of the column <c>reason</c> in <c>rejects.csv</c>.</summary>
public static class RejectReason
{
    /// <summary>
    /// The reasons that say what was asked for, or what a folder holds besides pictures, not that something is wrong: another view, modality or
    /// split, or no text where text is required. Every other reason is a fault and counts towards the share of faults that fails a preparation.
    /// </summary>
    public static bool IsFault(string reason) =>
        reason is not (
            Excluded or NotAFile or NotFrontal or UnknownView or NotRadiography or NoSplit or MissingReport or EmptyReport or MissingSection);

    /// <summary>The row has another number of cells than the header.</summary>
    public const string MalformedRow = "malformed-row";

    /// <summary>The row names no image.</summary>
    public const string NoImageId = "no-image-id";

    /// <summary>The row names no patient, so it can be put in no split.</summary>
    public const string NoPatientId = "no-patient-id";

    /// <summary>An earlier row has the same image id.</summary>
    public const string DuplicateImage = "duplicate-image";

    /// <summary>The view is known and not frontal.</summary>
    public const string NotFrontal = "not-frontal";

    /// <summary>Neither the row nor the file says the view.</summary>
    public const string UnknownView = "unknown-view";

    /// <summary>The user's list excludes the image.</summary>
    public const string Excluded = "excluded";

    /// <summary>The archive's split does not list the image.</summary>
    public const string NoSplit = "no-split";

    /// <summary>A label holds something that is no number.</summary>
    public const string LabelNotANumber = "label-not-a-number";

    /// <summary>A finding is not one of the archive's.</summary>
    public const string UnknownLabel = "unknown-label";

    /// <summary>The image's path leads out of the source's folder.</summary>
    public const string PathOutsideRoot = "path-outside-root";

    /// <summary>
    /// An entry of a folder is no regular file of its own: a pipe, a socket or a device; or a link that leads out of the folder, to a folder, to
    /// nothing or to a file that is listed itself.
    /// </summary>
    public const string NotAFile = "not-a-file";

    /// <summary>There is no file where the table says.</summary>
    public const string MissingImage = "missing-image";

    /// <summary>The image file is damaged or cut off.</summary>
    public const string UnreadableImage = "unreadable-image";

    /// <summary>The file is no JPEG, PNG, TIFF or DICOM.</summary>
    public const string UnsupportedFormat = "unsupported-format";

    /// <summary>The file is DICOM of a kind that is not read: several frames, colour, a compression nothing at hand decodes.</summary>
    public const string DicomNotSupported = "dicom-not-supported";

    /// <summary>The file is DICOM of another modality than radiography (CR, DX, DR).</summary>
    public const string NotRadiography = "not-radiography";

    /// <summary>The image has more pixels than are decoded, or is far too long for its width.</summary>
    public const string ImageTooLarge = "image-too-large";

    /// <summary>Every pixel has one value: nothing can be seen.</summary>
    public const string BlankImage = "blank-image";

    /// <summary>There is no report, and text was required.</summary>
    public const string MissingReport = "missing-report";

    /// <summary>The report is empty, and text was required.</summary>
    public const string EmptyReport = "empty-report";

    /// <summary>The report lacks the section that was asked for, and text was required.</summary>
    public const string MissingSection = "missing-section";

    /// <summary>The report is not in the encoding it should be: UTF-8, unless another was named.</summary>
    public const string ReportNotText = "report-not-text";

    /// <summary>The report is larger than any report is.</summary>
    public const string ReportTooLarge = "report-too-large";
}
