using RadTex.Studies.Archives;

namespace RadTex.Studies.Tables;

/// <summary>What the tables of a source say, before anything is filtered.</summary>
/// <param name="LabelNames">The labels, in the order of every radiograph's values.</param>
/// <param name="Radiographs">A radiograph a row; may be read as it is enumerated, once.</param>
/// <param name="Images">The folder that image paths are relative to.</param>
/// <param name="Paths">The tables that were read.</param>
public sealed record SourceTables(
    IReadOnlyList<string> LabelNames, IEnumerable<Radiograph> Radiographs, SourceFolder Images, IReadOnlyList<string> Paths)
{
    /// <summary>Rows that could not be made radiographs; grows while <see cref="Radiographs"/> is enumerated.</summary>
    public IList<Reject> Rejects { get; init; } = [];

    /// <summary>What a user is told of how the tables were read.</summary>
    public IList<string> Notes { get; init; } = [];

    /// <summary>The folder of the reports, where it is not that of the images.</summary>
    public SourceFolder? Reports { get; init; }

    /// <summary>Every report of the source, those without a picture included, where its tables hold them; else null.</summary>
    public IReadOnlyList<string>? ReportTexts { get; init; }

    /// <summary>Whether there are texts at all.</summary>
    public bool HasTexts { get; init; }

    /// <summary>Whether the archive says which split a radiograph is in.</summary>
    public bool HasOfficialSplit { get; init; }

    /// <summary>Why there is no official split, for a user who asked for it.</summary>
    public string? NoSplitReason { get; init; }

    /// <summary>Whether validation has to be carved from the official training split, which has none.</summary>
    public bool CarveValidation { get; init; }
}
