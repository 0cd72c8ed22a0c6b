using RadTex.Text;

namespace RadTex.Tests.Text;

public sealed class SectionOverridesTests : IDisposable
{
    private const string Report = "FINAL REPORT\n RECOMMENDATION(S): Follow up.\n FINDINGS: Clear.\n IMPRESSION: Normal.\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("s1,recommendations,,", "impression", "Follow up.")]
    [InlineData("1,recommendations,,", "findings", null)]          // such a study has no section but the corrected one
    [InlineData("1,,0,12", "impression", "FINAL REPORT")]
    [InlineData("1,,0,99999", "findings-else-impression", "FINAL REPORT RECOMMENDATION(S): Follow up. FINDINGS: Clear. IMPRESSION: Normal.")]
    [InlineData("1,,,", "last-paragraph", null)]
    [InlineData("2,,,", "impression", "Normal.")]                  // another study's
    public void Row_corrects_its_study(string row, string policy, string? expected)
    {
        var rule = new CaptionRule(SectionPolicy.Parse(policy), TextCleaning.None, Read($"study_id,section,start,end\n{row}\n"));

        rule.Caption(Report, new("7", "1")).ShouldBe(expected);
    }

    [Fact]
    public void Corrected_text_may_be_called_findings() =>
        new CaptionRule(SectionPolicy.Findings, TextCleaning.None, Read("study_id,section,as\n1,impression,findings\n"))
            .Caption(Report, new("7", "1")).ShouldBe("Normal.");

    [Fact]
    public void Study_numbered_within_each_patient_is_told_by_its_patient()
    {
        var rule = new CaptionRule(SectionPolicy.Parse("impression"), TextCleaning.None, Read("patient_id,study_id,section\n7,1,recommendations\n"));

        rule.Caption(Report, new("7", "1")).ShouldBe("Follow up.");
        rule.Caption(Report, new("8", "1")).ShouldBe("Normal.");
    }

    [Theory]
    [InlineData("1,,5,3")]
    [InlineData("1,,x,3")]
    [InlineData("1,,3,")]
    [InlineData("1,findings,3,5")]
    public void Row_of_no_kind_is_one_clear_line(string row) =>
        Should.Throw<UserErrorException>(() => Read($"study_id,section,start,end\n{row}\n")).Message.ShouldContain("line 2");

    private SectionOverrides Read(string table)
    {
        File.WriteAllText(folder.File("overrides.csv"), table);
        return SectionOverrides.Read(folder.File("overrides.csv"));
    }
}
