using System.Globalization;
using System.Numerics;

namespace RadTex;

/// <summary>
/// Numbers as a person types them, read in one way whatever the host's culture: digits, a leading sign, for reals a decimal point and an
/// exponent. No spaces, no thousands separators, no hexadecimal, no NaN and no infinity. A value is never rounded away or changed in silence.
/// </summary>
internal static class PlainNumber
{
    /// <summary>The largest real: that of float32, in which weights and learning rates end up.</summary>
    public const double LargestReal = float.MaxValue;

    private const NumberStyles RealStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a whole number of the type's range.</summary>
    public static bool TryParse<T>(string text, out T value) where T : IBinaryInteger<T> =>
        T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value!);

    /// <summary>Reads a finite real of at most <see cref="LargestReal"/> in size; digits too small to be told from 0 are no number.</summary>
    public static bool TryParse(string text, out double value) =>
        double.TryParse(text, RealStyle, CultureInfo.InvariantCulture, out value) && IsInRange(value) && (value != 0 || !HasDigitOtherThanZero(text));

    /// <summary>Whether a real that was read elsewhere, from JSON for instance, would be taken here.</summary>
    public static bool IsInRange(double value) => Math.Abs(value) <= LargestReal;

    /// <summary>A whole number.</summary>
    /// <param name="name">What it is, as the message names it.</param>
    /// <param name="text">What was given.</param>
    /// <exception cref="UserErrorException">It is none, or beyond the type's range.</exception>
    public static T Whole<T>(string name, string text) where T : IBinaryInteger<T>, IMinMaxValue<T> =>
        TryParse(text, out T value) ? value : throw new UserErrorException(WholeFault<T>(name, text));

    /// <summary>A finite real.</summary>
    /// <param name="name">What it is, as the message names it.</param>
    /// <param name="text">What was given.</param>
    /// <exception cref="UserErrorException">It is none.</exception>
    public static double Real(string name, string text) =>
        TryParse(text, out double value) ? value : throw new UserErrorException(RealFault(name, text));

    /// <summary>What is wrong with a text that is no whole number of a type.</summary>
    public static string WholeFault<T>(string name, string text) where T : IBinaryInteger<T>, IMinMaxValue<T> => TryParse(text, out BigInteger _)
        ? string.Create(CultureInfo.InvariantCulture, $"{name} '{Shown(text)}': expected a whole number from {T.MinValue:N0} to {T.MaxValue:N0}.")
        : $"{name} '{Shown(text)}': expected a whole number in digits alone, such as 1000.";

    /// <summary>What is wrong with a text that is no real.</summary>
    public static string RealFault(string name, string text)
    {
        if (text.Count(c => c == ',') == 1 && text.Replace(',', '.') is var pointed && TryParse(pointed, out double _))
            return $"{name} '{Shown(text)}': expected a number with a decimal point, such as {pointed}.";
        return double.TryParse(text, RealStyle, CultureInfo.InvariantCulture, out double value)
            ? value == 0 ? $"{name} '{Shown(text)}': expected 0 or a number that is not too small to be told from it."
                : $"{name} '{Shown(text)}': expected a finite number of at most 3.4e38 in size."
            : $"{name} '{Shown(text)}': expected a number such as 0.02.";
    }

    // A message is one line, whatever was typed.
    private static string Shown(string text) =>
        string.Concat((text.Length > 60 ? text[..60] + "…" : text).Select(c => char.IsControl(c) ? '?' : c));

    private static bool HasDigitOtherThanZero(string text) => text.TakeWhile(c => c is not ('e' or 'E')).Any(c => c is >= '1' and <= '9');
}
