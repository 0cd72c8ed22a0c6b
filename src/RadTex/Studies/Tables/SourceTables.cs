using RadTex.Studies.Archives;

namespace RadTex.Studies.Tables;

/// <summary>What the tables of a source say, before anything is filtered.</summary>
internal sealed record SourceTables(
    IReadOnlyList<string> LabelNames, IEnumerable<Radiograph> Radiographs, SourceFolder Images, IReadOnlyList<string> Paths)
{
    /// <summary>Rows that could not be made radiographs; grows while <see cref="Radiographs"/> is enumerated.</summary>
    internal List<Reject> Rejects { get; init; } = [];

    internal List<string> Notes { get; init; } = [];

    /// <summary>The folder of the reports, where it is not that of the images.</summary>
    internal SourceFolder? Reports { get; init; }

    /// <summary>Every report of the source, those without a picture included, where its tables hold them; else null.</summary>
    internal IReadOnlyList<string>? ReportTexts { get; init; }

    /// <summary>Whether there are texts at all.</summary>
    internal bool HasTexts { get; init; }

    /// <summary>Whether the archive says which split a radiograph is in.</summary>
    internal bool HasOfficialSplit { get; init; }

    /// <summary>Why there is no official split, for a user who asked for it.</summary>
    internal string? NoSplitReason { get; init; }

    /// <summary>Whether validation has to be carved from the official training split, which has none.</summary>
    internal bool CarveValidation { get; init; }
}
