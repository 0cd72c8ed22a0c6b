namespace RadTex.Studies.Archives;

/// <summary>What both forms of MIMIC-CXR can be told.</summary>
/// <param name="Reports">The folder of the reports' tree (it or its <c>files/</c>); null when they lie beside the pictures.</param>
/// <param name="Labels">Whose labels: <c>chexpert</c>, <c>negbio</c> or <c>none</c>.</param>
/// <param name="Tables">The folder of MIMIC-CXR-JPG's tables; null when they lie in the root.</param>
/// <param name="Frontal">A list of the frontal images, which decides in place of their views; null for none.</param>
/// <param name="Edema">The folder of the edema severity files (<see cref="EdemaSeverityFiles"/>); null for none.</param>
public sealed record MimicOptions(
    string? Reports = null, string Labels = "chexpert", string? Tables = null, string? Frontal = null, string? Edema = null)
{
    /// <summary>Whose labels are taken.</summary>
    internal static ArchiveOption WhoseLabels { get; } =
        new("labels", "Whose labels.", Default: "chexpert", Choices: ["chexpert", "negbio", "none"]);

    internal static IReadOnlyList<ArchiveOption> All { get; } =
    [
        new("reports", "The folder of MIMIC-CXR's reports, where they are not beside the pictures.", "DIR"),
        WhoseLabels,
        new("tables", "The folder of MIMIC-CXR-JPG's tables (labels, split, metadata), where they are not in ROOT.", "DIR"),
        new("frontal", "A list of the frontal images (dicom_id, or mimic_id and view), which decides in place of their views.", "FILE"),
        new("edema", "The folder of the edema severity files (consensus, expert, regex); they become labels.", "DIR"),
    ];

    internal static MimicOptions Of(IReadOnlyDictionary<string, string?> values) =>
        new(values["reports"], values[WhoseLabels.Name]!, values["tables"], values["frontal"], values["edema"]);
}
