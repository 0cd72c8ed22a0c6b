using RadTex.Text;

namespace RadTex.Tests.Text;

public sealed class R2GenTextTests
{
    [Theory]
    [InlineData("The heart is normal.  No effusion.", "the heart is normal . no effusion .")]
    [InlineData("1. Clear lungs. 2. Small (left) effusion, new.", "clear lungs . small left effusion new .")]
    [InlineData("As compared to ___, the PICC is unchanged..", "as compared to the picc is unchanged .")]
    [InlineData("", "")]
    public void Reports_are_cleaned(string report, string words) => string.Join(' ', R2GenText.Clean(report)).ShouldBe(words);

    [Fact]
    public void Rare_words_are_unknown_and_long_reports_cut()
    {
        var text = R2GenText.From(["no effusion", "no effusion", "no edema"], threshold: 2, length: 3);
        text.Words("no edema no effusion").ShouldBe(["no", "<unk>", "no"]);
    }
}
