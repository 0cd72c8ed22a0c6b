using System.Globalization;

namespace RadTex.Studies;

/// <summary>How much of the patients goes into each split; the three parts add up to 1.</summary>
public sealed record SplitFractions(double Train, double Validate, double Test)
{
    public static SplitFractions Default { get; } = new(0.8, 0.1, 0.1);

    /// <summary>Reads three numbers such as <c>0.8,0.1,0.1</c> or <c>80,10,10</c>; they are scaled to add up to 1.</summary>
    /// <exception cref="UserErrorException">There are not three numbers, or one is negative, or training gets nothing.</exception>
    public static SplitFractions Parse(string text)
    {
        var parts = text.Split(',').Select(p => double.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) ? v : double.NaN).ToArray();
        double sum = parts.Sum();
        return parts.Length == 3 && parts.All(p => p >= 0) && parts[0] > 0 && double.IsFinite(sum)
            ? new SplitFractions(parts[0] / sum, parts[1] / sum, parts[2] / sum)
            : throw new UserErrorException($"--fractions {text}: expected three numbers TRAIN,VALIDATE,TEST such as 0.8,0.1,0.1, none negative, training above 0.");
    }
}
