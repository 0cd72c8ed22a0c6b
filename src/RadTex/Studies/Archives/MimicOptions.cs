namespace RadTex.Studies.Archives;

/// <summary>What both forms of MIMIC-CXR can be told.</summary>
/// <param name="Reports">The folder of the reports' tree (it or its <c>files/</c>); null when they lie beside the pictures.</param>
/// <param name="Labels">Whose labels: <c>chexpert</c>, <c>negbio</c> or <c>none</c>.</param>
/// <param name="Tables">The folder of MIMIC-CXR-JPG's tables; null when they lie in the root.</param>
/// <param name="Frontal">A list of the frontal images, which decides in place of their views; null for none.</param>
/// <param name="Edema">The folder of the edema severity files (<see cref="EdemaSeverityFiles"/>); null for none.</param>
public sealed record MimicOptions(
    string? Reports = null, string Labels = "chexpert", string? Tables = null, string? Frontal = null, string? Edema = null);
