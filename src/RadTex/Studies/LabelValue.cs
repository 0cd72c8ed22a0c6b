using System.Globalization;

namespace RadTex.Studies;

/// <summary>The text of a label's cell as a value.</summary>
internal static class LabelValue
{
    /// <summary>
    /// Reads a finite number; True and False are 1 and 0 (as pandas writes them). An empty cell, NaN, NA, N/A, null and None mean that the label is
    /// absent. False when the cell holds anything else.
    /// </summary>
    internal static bool TryParse(string cell, out double? value)
    {
        value = null;
        var text = cell.AsSpan().Trim();
        if (text.IsEmpty) return true;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            if (double.IsFinite(number)) value = number;
            return !double.IsInfinity(number);
        }
        if (text.Equals("NA", StringComparison.OrdinalIgnoreCase) || text.Equals("N/A", StringComparison.OrdinalIgnoreCase)
            || text.Equals("null", StringComparison.OrdinalIgnoreCase) || text.Equals("None", StringComparison.OrdinalIgnoreCase)) return true;
        if (!bool.TryParse(text, out bool flag)) return false;
        value = flag ? 1 : 0;
        return true;
    }

    /// <summary>The one line for a cell that is no label. The cell itself is not shown: it may be report text in the wrong column.</summary>
    internal static UserErrorException Fault(string file, long row, string column, string cell) => new(
        $"{file}, line {row}, column '{column}': the cell has {cell.Trim().Length} characters that are no number. "
        + "Expected a number such as 1, 0 or -1, or an empty cell. Mend the file, name other label columns, or leave "
        + "such rows out with the setting 'skip-bad-labels'.");
}
