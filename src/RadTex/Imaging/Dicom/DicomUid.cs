namespace RadTex.Imaging.Dicom;

/// <summary>Unique identifiers (PS3.5, 9.1).</summary>
internal static class DicomUid
{
    private const int Longest = 64;

    /// <summary>
    /// Whether a text is one: digits and single dots, at most 64 characters. What is none could be any text, and is repeated nowhere.
    /// </summary>
    internal static bool IsValid(string text) =>
        text.Length is > 2 and <= Longest && text.All(c => char.IsAsciiDigit(c) || c == '.') && text[0] != '.' && text[^1] != '.'
            && !text.Contains("..", StringComparison.Ordinal);
}
