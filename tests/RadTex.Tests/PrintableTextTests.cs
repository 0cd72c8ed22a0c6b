using CsCheck;

namespace RadTex.Tests;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("plain, ödem 肺 😀\n\tindented", "plain, ödem 肺 😀\n\tindented")]
    [InlineData("\u001b[31mred", "\u241b[31mred")]
    [InlineData("a\rb\u0000\u007f", "a\u240db\u2400\u2421")]
    [InlineData("\u009b2J", "\ufffd2J")]
    [InlineData("\u202egpj.exe", "\ufffdgpj.exe")]
    public void Hidden_characters_are_shown_by_one_that_stands_for_them(string text, string expected) => PrintableText.Of(text).ShouldBe(expected);

    [Fact]
    public void Any_text_is_as_long_as_before_and_holds_no_control_character() =>
        Gen.Char.Array.Sample(letters =>
        {
            var shown = PrintableText.Of(new string(letters));
            shown.Length.ShouldBe(letters.Length);
            shown.ShouldAllBe(c => c == '\n' || c == '\t' || !char.IsControl(c));
            PrintableText.Of(shown).ShouldBe(shown);
        });
}
