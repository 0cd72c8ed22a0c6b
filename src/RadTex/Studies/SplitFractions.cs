using System.Globalization;

namespace RadTex.Studies;

/// <summary>How much of the patients goes into each split; the three parts add up to 1.</summary>
/// <param name="Train">Above 0.</param>
/// <param name="Validate">0 for none.</param>
/// <param name="Test">0 for none.</param>
public sealed record SplitFractions(double Train, double Validate, double Test)
{
    /// <summary>80% of the patients to train on, 10% to validate, 10% to test.</summary>
    public static SplitFractions Default { get; } = new(0.8, 0.1, 0.1);

    /// <summary>How far from 1, or 100, the three may add up to: as thirds do, written with three digits.</summary>
    private const double Rounding = 0.002;

    /// <summary>Reads three numbers that add up to 1 or to 100, such as <c>0.8,0.1,0.1</c> or <c>80,10,10</c>.</summary>
    /// <exception cref="UserErrorException">There are not three numbers, or one is negative, or training gets nothing, or they add up to something
    /// else.</exception>
    public static SplitFractions Parse(string text)
    {
        var parts = text.Split(',').Select(p => PlainNumber.TryParse(p.Trim(), out double v) ? v : double.NaN).ToArray();
        double sum = parts.Sum();
        if (parts.Length == 3 && parts.All(p => p >= 0) && Math.Abs(sum - 1) > Rounding && Math.Abs(sum / 100 - 1) > Rounding)
            throw new UserErrorException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The setting 'fractions' = {text}: the three add up to {sum:0.####}. Expected parts of 1, such as 0.8,0.1,0.1, or of 100."));
        return parts.Length == 3 && parts.All(p => p >= 0) && parts[0] > 0
            ? new SplitFractions(parts[0] / sum, parts[1] / sum, parts[2] / sum)
            : throw new UserErrorException(
                $"The setting 'fractions' = {text}: expected three numbers TRAIN,VALIDATE,TEST "
                    + "such as 0.8,0.1,0.1, none negative, training above 0.");
    }
}
