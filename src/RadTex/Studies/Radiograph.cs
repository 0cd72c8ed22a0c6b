using RadTex.Studies.Archives;

namespace RadTex.Studies;

/// <summary>A radiograph as a source lists it: its ids, where its picture and report lie, and its labels. Nothing has been opened yet.</summary>
/// <param name="ImageId">Unique in the source.</param>
/// <param name="PatientId">The patient; never empty.</param>
/// <param name="StudyId">The examination; the image id where the source knows none.</param>
/// <param name="View">The projection as the source writes it, such as PA, AP or LATERAL; empty where it is not known.</param>
/// <param name="ImagePath">The picture, relative to the source's image root. Not to be trusted: open it through <see cref="SourceFolder"/>.</param>
/// <param name="ReportText">The report itself where the source's table holds it, else null.</param>
/// <param name="ReportPath">The report's file, relative to the source's report root, else null. Not to be trusted either.</param>
/// <param name="Split">The split, once it is decided; as listed, the archive's own or null.</param>
/// <param name="Labels">One value a label name of the listing, in that order; null where the label is absent.</param>
/// <param name="Table">The table that lists it, relative to the source's root.</param>
/// <param name="Row">Its line in that table.</param>
/// <param name="Boxes">Where readers saw findings; null where the archive has no boxes.</param>
public sealed record Radiograph(
    string ImageId,
    string PatientId,
    string StudyId,
    string View,
    string ImagePath,
    string? ReportText,
    string? ReportPath,
    Split? Split,
    IReadOnlyList<double?> Labels,
    string Table,
    long Row,
    IReadOnlyList<FindingBox>? Boxes = null)
{
    /// <summary>What the study is known by.</summary>
    public StudyKey Study => new(PatientId, StudyId);
}
