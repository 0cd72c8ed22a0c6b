namespace RadTex.Imaging;

/// <summary>A way to show a radiograph's values: the grey of each.</summary>
/// <param name="Name">For a reader: "window 1", "table 2", "whole range".</param>
/// <param name="Greys">0 black to 255 white, one a value from 0.</param>
/// <param name="Low">The value where the greys begin to change.</param>
/// <param name="High">The value where they end to; above <paramref name="Low"/> where anything changes.</param>
public sealed record GreyTable(string Name, byte[] Greys, int Low, int High)
{
    /// <summary>Fills a table.</summary>
    /// <param name="name">For a reader.</param>
    /// <param name="count">Values there can be.</param>
    /// <param name="level">From a value to 0 to 1.</param>
    internal static GreyTable Of(string name, int count, Func<int, double> level)
    {
        var greys = new byte[count];
        for (int value = 0; value < count; value++) greys[value] = (byte)Math.Round(byte.MaxValue * level(value));
        int low = 0, high = count - 1;
        while (low < count - 1 && greys[low + 1] == greys[0]) low++;
        while (high > 0 && greys[high - 1] == greys[^1]) high--;
        return new(name, greys, Math.Min(low, high), Math.Max(low, high));
    }
}
