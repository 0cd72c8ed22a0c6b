namespace RadTex;

/// <summary>
/// A table as lines of text that fit a terminal: where its columns are too many they stand below each other in blocks, each with the key columns
/// before it.
/// </summary>
internal static class TerminalTable
{
    /// <summary>Columns that terminals, logs and mails show without wrapping.</summary>
    public const int UsualWidth = 80;

    private const string Gap = "  ";

    /// <summary>
    /// The header and a line a row for each block, blocks apart by an empty line. Cells are not cut: a single column wider than the width stands as
    /// it is.
    /// </summary>
    /// <param name="header">A name a column.</param>
    /// <param name="rows">As many cells a row.</param>
    /// <param name="keys">Leading columns that tell rows apart: they come again with each block, to the left, the others to the right.</param>
    /// <param name="width">The widest line.</param>
    public static IEnumerable<string> Lines(
        IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, int keys = 1, int width = UsualWidth)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keys, header.Count);
        int[] widths = [.. header.Select((name, i) => rows.Select(r => r[i].Length).Append(name.Length).Max())];
        int keyWidth = widths.Take(keys).Sum(w => w + Gap.Length);
        for (int first = keys, next; first < header.Count || first == keys; first = next)
        {
            int used = keyWidth;
            for (next = first; next < header.Count && (next == first || used + widths[next] <= width); next++) used += widths[next] + Gap.Length;
            if (first > keys) yield return "";
            int[] columns = [.. Enumerable.Range(0, keys), .. Enumerable.Range(first, next - first)];
            foreach (var row in rows.Prepend(header))
                yield return string.Join(Gap, columns.Select(c => c < keys ? row[c].PadRight(widths[c]) : row[c].PadLeft(widths[c]))).TrimEnd();
            if (next == first) yield break; // keys alone
        }
    }
}
