using RadTex.Studies.Archives;

namespace RadTex.Studies;

/// <summary>What a source holds, after views, duplicates, extra labels and splits have been dealt with.</summary>
/// <param name="LabelNames">The labels, in the order of <see cref="Radiograph.Labels"/>.</param>
/// <param name="Radiographs">The radiographs to take, in the source's order; each has a split, and no patient is in two.</param>
/// <param name="Rejects">The rows that were left out.</param>
/// <param name="Images">The folder image paths are relative to.</param>
/// <param name="Reports">The folder report paths are relative to.</param>
/// <param name="HasTexts">Whether the source has reports or captions at all.</param>
/// <param name="Tables">The full paths of the tables that were read.</param>
/// <param name="ReportTexts">Every report of the source, those of no radiograph included, where its tables hold them; else null.</param>
/// <param name="Notes">What a user should know of how the source was understood, one line each.</param>
public sealed record StudyListing(
    IReadOnlyList<string> LabelNames,
    IReadOnlyList<Radiograph> Radiographs,
    IReadOnlyList<Reject> Rejects,
    SourceFolder Images,
    SourceFolder Reports,
    bool HasTexts,
    IReadOnlyList<string> Tables,
    IReadOnlyList<string>? ReportTexts,
    IReadOnlyList<string> Notes);
