namespace RadTex.Studies.Tables;

/// <summary>The columns of a table of one's own; null leaves a column to its usual names.</summary>
/// <param name="Image">The picture's path relative to the images' folder; also its id.</param>
/// <param name="Patient">The patient's id.</param>
/// <param name="Study">The study's id; without one each image is a study of its own.</param>
/// <param name="View">The projection.</param>
/// <param name="Text">The caption, or the report, if a policy that takes sections is chosen.</param>
/// <param name="Split">The split.</param>
/// <param name="Labels">Columns of numbers: 1, 0, -1 or empty, or a grade.</param>
/// <param name="Categories">Columns of words joined by '|': each word becomes a label <c>column=word</c> of 1 or 0, absent where the cell is
/// empty.</param>
public sealed record TableColumns(
    string? Image = null,
    string? Patient = null,
    string? Study = null,
    string? View = null,
    string? Text = null,
    string? Split = null,
    IReadOnlyList<string>? Labels = null,
    IReadOnlyList<string>? Categories = null);
