using System.Globalization;
using CsCheck;

namespace RadTex.Tests;

/// <summary>Numbers that a person types are read in one way, and nothing else is taken for a number.</summary>
public sealed class PlainNumberTests
{
    [Theory]
    [InlineData("0,02", "'0,02': expected a number with a decimal point, such as 0.02")]
    [InlineData("1e300", "at most 3.4e38")]
    [InlineData("1e-400", "too small to be told from it")]
    [InlineData("NaN", "finite number")]
    [InlineData("Infinity", "expected")]
    [InlineData("-Infinity", "expected")]
    [InlineData("∞", "expected")]
    [InlineData("", "expected")]
    [InlineData(" 1", "expected")]
    [InlineData("1 ", "expected")]
    [InlineData("1,000,000", "expected")]
    [InlineData("0x10", "expected")]
    [InlineData("1_000", "expected")]
    [InlineData("٣", "expected")]
    [InlineData("(1)", "expected")]
    [InlineData("1%", "expected")]
    public void What_is_no_finite_real_is_refused_with_what_was_expected(string text, string told)
    {
        PlainNumber.TryParse(text, out double _).ShouldBeFalse();
        Should.Throw<UserErrorException>(() => PlainNumber.Real("rate", text)).Message.ShouldContain(told);
    }

    [Theory]
    [InlineData("0.02", 0.02)]
    [InlineData(".5", 0.5)]
    [InlineData("-3", -3)]
    [InlineData("+1e-3", 0.001)]
    [InlineData("2E5", 2e5)]
    [InlineData("0e-400", 0)]
    public void A_real_is_read_as_written_in_any_culture(string text, double expected)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(before.Name)
            {
                NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "." },
            };
            PlainNumber.Real("x", text).ShouldBe(expected);
        }
        finally { CultureInfo.CurrentCulture = before; }
    }

    [Fact]
    public void Every_real_in_range_survives_being_written_and_read() =>
        Gen.Double[-PlainNumber.LargestReal, PlainNumber.LargestReal]
            .Sample(value => PlainNumber.Real("x", value.ToString("R", CultureInfo.InvariantCulture)) == value);

    [Theory]
    [InlineData("99999999999", "from -2,147,483,648 to 2,147,483,647")]
    [InlineData("3.0", "digits alone")]
    [InlineData("1e3", "digits alone")]
    [InlineData("1,000", "digits alone")]
    [InlineData("0x1F", "digits alone")]
    [InlineData(" 7", "digits alone")]
    [InlineData("", "digits alone")]
    [InlineData("a\nb", "'a?b'")]
    public void What_is_no_whole_number_is_refused_with_what_was_expected(string text, string told) =>
        Should.Throw<UserErrorException>(() => PlainNumber.Whole<int>("count", text)).Message.ShouldContain(told);
}
