using RadTex.Studies.Tables;

namespace RadTex.Studies;

/// <summary>Where a reader saw a finding: a rectangle from its left upper corner.</summary>
/// <param name="Label">The finding.</param>
/// <param name="X">Its left edge, in pixels.</param>
/// <param name="Y">Its upper edge.</param>
/// <param name="Width">Its extent to the right.</param>
/// <param name="Height">Its extent downwards.</param>
/// <param name="Frame">The side of the square picture those pixels are of; null for the picture's own.</param>
/// <param name="Reader">Who drew it; empty where it is not said.</param>
public sealed record FindingBox(string Label, double X, double Y, double Width, double Height, int? Frame = null, string Reader = "")
{
    /// <summary>Reads four cells of the current row; null where they are not all finite numbers, or no rectangle.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Left, upper, and width and height, or, with <paramref name="corners"/>, right and lower edge.</param>
    /// <param name="label">The finding.</param>
    /// <param name="corners">Whether the last two are edges.</param>
    internal static FindingBox? Read(Table table, int[] columns, string label, bool corners = false)
    {
        Span<double> v = stackalloc double[4];
        for (int i = 0; i < 4; i++)
        {
            if (!LabelValue.TryParse(table[columns[i]], out double? value) || value is null) return null;
            v[i] = value.Value;
        }
        if (corners) (v[2], v[3]) = (v[2] - v[0], v[3] - v[1]);
        return v[2] > 0 && v[3] > 0 && v[0] >= 0 && v[1] >= 0 ? new FindingBox(label, v[0], v[1], v[2], v[3]) : null;
    }
}
