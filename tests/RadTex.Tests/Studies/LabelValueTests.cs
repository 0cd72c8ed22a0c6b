using RadTex.Studies;

namespace RadTex.Tests.Studies;

public sealed class LabelValueTests
{
    [Theory]
    [InlineData("1.0", 1.0)]
    [InlineData(" -1 ", -1.0)]
    [InlineData("0", 0.0)]
    [InlineData("3", 3.0)]
    [InlineData("1e-1", 0.1)]
    [InlineData("True", 1.0)]
    [InlineData("false", 0.0)]
    public void Number_is_read(string cell, double expected)
    {
        LabelValue.TryParse(cell, out double? value).ShouldBeTrue();
        value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("nan")]
    [InlineData("NaN")]
    [InlineData("NA")]
    [InlineData("n/a")]
    [InlineData("None")]
    public void Absent_label_is_null(string cell)
    {
        LabelValue.TryParse(cell, out double? value).ShouldBeTrue();
        value.ShouldBeNull();
    }

    [Theory]
    [InlineData("positive")]
    [InlineData("1,5")]
    [InlineData("Infinity")]
    [InlineData("-")]
    [InlineData("1.0.0")]
    public void What_is_no_number_is_refused(string cell) => LabelValue.TryParse(cell, out _).ShouldBeFalse();

    [Theory]
    [InlineData("AP")]
    [InlineData("PA")]
    [InlineData("pa")]
    [InlineData("AP Supine")]
    [InlineData("AP_horizontal")]
    [InlineData("Frontal")]
    public void View_is_frontal(string view) => Views.IsFrontal(view).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("L")]
    [InlineData("LATERAL")]
    [InlineData("LL")]
    [InlineData("AP LLD")]
    [InlineData("AP AXIAL")]
    [InlineData("LAO")]
    [InlineData("PA oblique")]
    [InlineData("SWIMMERS")]
    public void View_is_not_frontal(string view) => Views.IsFrontal(view).ShouldBeFalse();
}
