namespace RadTex.Imaging;

/// <summary>A radiograph at the size of its file, in values of its own, with the ways to show them: what a viewer needs.</summary>
/// <param name="Values">Height x width, row by row from the top left.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Tables">At least one, the one a screen begins with first; each has a grey for every value.</param>
/// <remarks>
/// Its greys are those of <see cref="GreyImageReader"/> with <see cref="ImageIntensity.Display"/> before that one resizes. Values are averaged
/// before they become greys, so that a window can be moved on a picture that was made smaller.
/// </remarks>
public sealed record FullRadiograph(ushort[] Values, int Height, int Width, IReadOnlyList<GreyTable> Tables)
{
    /// <summary>Whether larger values are darker.</summary>
    public bool IsInverted { get; init; }

    /// <summary>What a step of values is in the device's unit.</summary>
    public double UnitSlope { get; init; } = 1;

    /// <summary>What value 0 is in the device's unit.</summary>
    public double UnitIntercept { get; init; }

    /// <summary>A row of a prepared dataset, whose bytes are greys already.</summary>
    public static FullRadiograph Of(ReadOnlySpan<byte> greys, int height, int width)
    {
        if (greys.Length != height * width) throw new ArgumentException($"{greys.Length} greys for {height} x {width} pixels", nameof(greys));
        var values = new ushort[greys.Length];
        for (int i = 0; i < values.Length; i++) values[i] = greys[i];
        return new(values, height, width, [GreyTable.Of("as prepared", byte.MaxValue + 1, value => value / 255.0)]);
    }

    /// <summary>The picture made smaller to fit, the aspect kept, each new value the mean of those it covers; never larger than it is.</summary>
    /// <param name="height">Rows there is room for.</param>
    /// <param name="width">Columns there is room for.</param>
    public FullRadiograph Fit(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        double scale = Math.Min((double)height / Height, (double)width / Width);
        if (scale >= 1) return this;
        int newHeight = Math.Max(1, (int)Math.Round(Height * scale)), newWidth = Math.Max(1, (int)Math.Round(Width * scale));
        var reduced = new float[newHeight * newWidth];
        Transforms.AreaReduction.Reduce<ushort>(Values, Height, Width, reduced, newHeight, newWidth);
        return this with { Values = Array.ConvertAll(reduced, v => (ushort)(v + 0.5f)), Height = newHeight, Width = newWidth };
    }
}
