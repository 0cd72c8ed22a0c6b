using RadTex.Text;

namespace RadTex.Tests.Text;

public sealed class TextCleaningTests
{
    [Theory]
    [InlineData("A ___-year-old with XXXX and xxxx effusion.", "A -year-old with and effusion.")]
    [InlineData("Seen on ___.", "Seen on.")]
    [InlineData("Snake_case and Xray stay.", "Snake_case and Xray stay.")]
    [InlineData("XXXX ___", null)]
    public void Marks_are_taken_out(string caption, string? expected) => new TextCleaning(Marks: true).Clean(caption).ShouldBe(expected);

    [Theory]
    [InlineData("1. Clear lungs. 2. No effusion.", "Clear lungs. No effusion.")]
    [InlineData("1) Clear. (2) Normal heart.", "Clear. Normal heart.")]
    [InlineData("A nodule of 3.5 cm at rib 6. 4 clips.", "A nodule of 3.5 cm at rib 6. 4 clips.")]
    public void List_numbers_are_taken_out_and_other_numbers_stay(string caption, string expected) =>
        new TextCleaning(Numbers: true).Clean(caption).ShouldBe(expected);

    [Theory]
    [InlineData("Compared to the prior study, the effusion is large.", "The effusion is large.")]
    [InlineData("As compared with previous radiographs, there is edema.", "There is edema.")]
    [InlineData("In comparison with the study of ___, there is edema.", "There is edema.")]
    [InlineData("The effusion has increased since the prior exam.", "The effusion has increased.")]
    [InlineData("There is again seen a small effusion.", "There is seen a small effusion.")]
    [InlineData("There has been interval placement of a tube.", "There has been placement of a tube.")]
    [InlineData("No significant interval change. Clear lungs.", "Clear lungs.")]
    [InlineData("Unchanged.", null)]
    [InlineData("No change since the prior study.", null)]
    [InlineData("A nodule of 3.5 cm compared to the prior exam. Heart normal.", "A nodule of 3.5 cm. Heart normal.")]
    [InlineData("The heart is normal in size. The lungs are clear.", "The heart is normal in size. The lungs are clear.")]
    [InlineData("Hilar contours are stable.", "Hilar contours are stable.")] // a change in other words stays: rules, not understanding
    public void References_to_priors_are_taken_out(string caption, string? expected) =>
        new TextCleaning(Priors: true).Clean(caption).ShouldBe(expected);

    [Fact]
    public void Nothing_is_taken_out_by_default() => TextCleaning.None.Clean("1. ___ compared to prior.").ShouldBe("1. ___ compared to prior.");

    [Theory]
    [InlineData(null, "none")]
    [InlineData("none", "none")]
    [InlineData("priors, marks", "marks,priors")]
    [InlineData("marks,numbers,priors", "marks,numbers,priors")]
    public void Names_are_read_and_written(string? names, string expected) => TextCleaning.Parse(names).Name.ShouldBe(expected);

    [Fact]
    public void Unknown_name_is_one_clear_line() =>
        Should.Throw<UserErrorException>(() => TextCleaning.Parse("dates")).Message.ShouldContain("priors");

    [Fact]
    public void Long_text_without_an_end_is_cleaned() // a pattern that tries every split of it would not come back
    {
        var text = string.Concat(Enumerable.Repeat("compared to the prior since the previous study and, ", 2000));
        var all = new TextCleaning(true, true, true);
        all.Clean(text).ShouldNotBe(text);
        all.Clean(new string('a', 100_000)).ShouldBe(new string('a', 100_000));
        all.Clean(new string(' ', 100_000) + "x").ShouldBe("x");
    }
}
