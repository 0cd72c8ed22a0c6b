using RadTex.Text;

namespace RadTex.Tests.Text;

/// <summary>Hand-made reports, one or more a rule of the parser.</summary>
public sealed class ReportSectionsTests
{
    private static string[] Names(string report) => [.. ReportSections.Parse(report).Sections.Select(s => s.Name)];

    [Fact]
    public void Report_with_headers_is_split_and_starts_with_a_preamble()
    {
        var parsed = ReportSections.Parse(
            """
                                             FINAL REPORT
             EXAMINATION:  CHEST (PA AND LAT)

             INDICATION:  ___-year-old with cough.

             FINDINGS:  The lungs are clear.
             No effusion.

             IMPRESSION:  No acute process.
            """);
        parsed.Sections.Select(s => s.Name).ShouldBe(["preamble", "examination", "indication", "findings", "impression"]);
        parsed.Sections[0].Text.Trim().ShouldBe("FINAL REPORT");
        parsed.Last("findings").ShouldBe("The lungs are clear.\n No effusion.");
        parsed.Last("impression").ShouldBe("No acute process.");
        parsed.Last("technique").ShouldBeNull();
    }

    [Fact]
    public void Report_without_header_is_one_full_report() => Names("The lungs are clear.").ShouldBe(["full report"]);

    [Fact]
    public void Empty_report_is_one_empty_section_and_selects_nothing()
    {
        var parsed = ReportSections.Parse("");
        parsed.Sections.ShouldBe([new ReportSection("full report", "")]);
        SectionPolicy.All.Select(p => p.Select(parsed)).ShouldAllBe(text => text == null);
    }

    [Theory]
    [InlineData("\nFINDINGS: a")]      // no space before the header
    [InlineData("\n  findings: a")]    // no capitals
    [InlineData("\n FINDINGS:a")]      // no whitespace after the colon
    [InlineData("\n FINDINGS2: a")]    // a character no header has
    [InlineData("\n \tFINDINGS: a")]
    [InlineData(" FINDINGS: a")]       // no line break before it
    public void Text_that_is_almost_a_header_is_no_header(string report) => Names(report).ShouldBe(["full report"]);

    [Theory]
    [InlineData("\n FINDINGS:\ta")]
    [InlineData("\n FINDINGS:\na")]
    [InlineData("\n   FINDINGS  : a")] // further spaces belong to the run
    [InlineData("\r\n FINDINGS: a")]
    public void Header_may_be_followed_by_any_whitespace_and_padded(string report)
    {
        var parsed = ReportSections.Parse(report);
        parsed.Sections.Select(s => s.Name).ShouldBe(["preamble", "findings"]);
        parsed.Last("findings").ShouldBe("a");
    }

    [Fact]
    public void Header_on_the_line_of_another_header_is_text()
    {
        var parsed = ReportSections.Parse("x\n CHEST, TWO VIEWS:\n HISTORY: cough\n IMPRESSION: clear");
        // The first header took the line break, so the next line is the header's own.
        parsed.Sections.Select(s => s.Name).ShouldBe(["preamble", "findings", "impression"]);
        parsed.Last("findings").ShouldBe("HISTORY: cough");
        ReportSections.Parse("x\n HISTORY: cough. IMPRESSION: clear").Last("impression").ShouldBeNull();
    }

    [Fact]
    public void Header_after_a_blank_line_under_an_empty_header_is_found() =>
        Names("x\n CHEST, PA LATERAL:\n \n INDICATION:  cough\n \n IMPRESSION:  clear").ShouldBe(["preamble", "indication", "impression"]);

    [Theory]
    [InlineData("CONCLUSION", "impression")]
    [InlineData("FINDINGS AND IMPRESSION", "impression")]
    [InlineData("FINDINGS/IMPRESSION", "impression")]
    [InlineData("FINDINGS/ IMPRESSION", "impression")]
    [InlineData("IMPRESSON", "impression")]
    [InlineData("IMPERSSION", "impression")]
    [InlineData("NDICATION", "impression")] // the published parser's slip
    [InlineData("FINDING", "findings")]
    [InlineData("FINIDNGS", "findings")]
    [InlineData("CHEST, TWO VIEWS", "findings")]
    [InlineData("REASON FOR EXAM", "indication")]
    [InlineData("IDICATION", "indication")]
    [InlineData("CLINICAL HISTORY", "history")]
    [InlineData("PFI", "history")]
    [InlineData("COMPARISONS", "comparison")]
    [InlineData("REFERENCE EXAM", "comparison")]
    [InlineData("EXAM", "examination")]
    [InlineData("RECOMMENDATION(S)", "recommendations")]
    [InlineData("WETREAD", "wet read")]
    public void Known_variant_or_misspelling_gets_the_section_s_name(string header, string expected) =>
        Names($"x\n {header}: text").ShouldBe(["preamble", expected]);

    [Theory]
    [InlineData("FINAL IMPRESSION", "impression")]
    [InlineData("FINDINGS AND IMPRESSION (BOTH)", "impression")] // the first of the main names wins, whatever its place
    [InlineData("CHEST FINDINGS", "findings")]
    [InlineData("COMPARISON AND HISTORY", "history")]
    [InlineData("ADDENDUM TO THE ABOVE", "addendum")]
    [InlineData("COMPARISON CHEST FILM", "comparison")]         // a main name wins over a view
    public void Header_that_contains_a_main_name_gets_that_name(string header, string expected) =>
        Names($"x\n {header}: text").ShouldBe(["preamble", expected]);

    [Theory]
    [InlineData("PORTABLE AP")]
    [InlineData("CHEST RADIOGRAPH")]
    [InlineData("PA AND LAT")]
    [InlineData("AP VIEW")]
    [InlineData("SEMI-UPRIGHT FRONTAL AND OTHER")]
    [InlineData("LEFT RIBS")]
    public void Header_that_names_a_view_is_findings(string header) => Names($"x\n {header}: text").ShouldBe(["preamble", "findings"]);

    [Fact]
    public void Unknown_header_keeps_its_name_in_lower_case() => Names("x\n DOSE (TOTAL): text").ShouldBe(["preamble", "dose (total)"]);

    [Fact]
    public void Empty_findings_and_impression_are_removed_and_others_kept() =>
        Names("x\n HISTORY: \n \n FINDINGS: \n \n IMPRESSION:\n \n FINDINGS: clear").ShouldBe(["preamble", "history", "findings"]);

    [Fact]
    public void Last_paragraph_is_split_off_where_no_findings_or_impression_remain()
    {
        var parsed = ReportSections.Parse("x\n HISTORY: cough.\n \n The lungs are clear.\n \n No effusion.");
        parsed.Sections.Select(s => s.Name).ShouldBe(["preamble", "history", "last_paragraph"]);
        parsed.Last("history").ShouldBe("cough.");
        parsed.Last("last_paragraph").ShouldBe("The lungs are clear.\n \n No effusion.");
    }

    [Fact]
    public void Last_paragraph_is_taken_from_a_report_without_headers_too() =>
        Names("FINAL REPORT\n \n The lungs are clear.").ShouldBe(["full report", "last_paragraph"]);

    [Theory]
    [InlineData("x\n FINDINGS: a.\n \n b.")] // findings remain
    [InlineData("x\n HISTORY: a.\n\n b.")]   // a blank line without its space is no paragraph break
    public void Last_paragraph_is_not_split_off_otherwise(string report) => Names(report).ShouldNotContain("last_paragraph");

    [Fact]
    public void Last_occurrence_of_a_section_is_selected() =>
        SectionPolicy.Findings.Select(ReportSections.Parse("x\n FINDINGS: old.\n FINDINGS: new.")).ShouldBe("new.");

    [Theory]
    [InlineData("findings", "Clear lungs. No effusion.")]
    [InlineData("impression", "No acute process.")]
    [InlineData("findings+impression", "Clear lungs. No effusion. No acute process.")]
    [InlineData("findings-else-impression", "Clear lungs. No effusion.")]
    [InlineData("last-paragraph", "Clear lungs. No effusion.")]
    public void Policy_selects_its_section_on_one_line(string policy, string expected) =>
        SectionPolicy.Parse(policy).Select(ReportSections.Parse(
            "FINAL REPORT\n FINDINGS:  Clear   lungs.\n No\teffusion.\n \n IMPRESSION: No acute process.\n")).ShouldBe(expected);

    [Theory]
    [InlineData("findings", null)]
    [InlineData("impression", "Clear.")]
    [InlineData("findings+impression", "Clear.")]
    [InlineData("findings-else-impression", "Clear.")]
    [InlineData("last-paragraph", "Clear.")]
    [InlineData("whole-report", "x IMPRESSION: Clear.")]
    public void Policy_falls_back_only_as_its_name_says(string policy, string? expected) =>
        SectionPolicy.Parse(policy).Select(ReportSections.Parse("x\n IMPRESSION: Clear.")).ShouldBe(expected);

    [Fact]
    public void Last_paragraph_policy_reaches_reports_without_sections() =>
        SectionPolicy.LastParagraph.Select(ReportSections.Parse("CHEST\n \n Clear.")).ShouldBe("Clear.");

    [Fact]
    public void Unknown_policy_is_a_user_error_that_lists_the_known_ones() =>
        Should.Throw<UserErrorException>(() => SectionPolicy.Parse("finding")).Message.ShouldContain("findings-else-impression");

    /// <summary>The headers and misspellings of MIMIC-CXR's section parser, and the views that stand above findings.</summary>
    [Theory]
    [InlineData("impression", "impression|conclusion|findings and impression|findings/impression|findings/ impression|impresson|imprression"
        + "|imoression|impressoin|imprssion|impresion|imperssion|mpression|impession|ndication|final impression")]
    [InlineData("findings", "findings|finding|chest, two views|reference findings|findins|findindgs|findgings|findngs|findnings|finidngs|chest"
        + "|portable|pa and lat|lateral and pa|ap and lateral|lateral and ap|frontal and|two views|frontal view|pa view|ap view|one view|lateral view"
        + "|bone window|frontal upright|frontal semi-upright|ribs")]
    [InlineData("indication", "indication|reason for examination|reason for exam|clinical indication|idication")]
    [InlineData("history", "history|clinical history|clinical information|patient history|pfi|past history of")]
    [InlineData("comparison", "comparison|comparisons|reference exam|comparison exam|comparison film|comparision|comparsion"
        + "|comparrison|comparisions")]
    [InlineData("examination", "examination|exam|type of examination")]
    [InlineData("recommendations", "recommendations|recommendation|recommendation(s)")]
    [InlineData("addendum", "addendum|second addendum")]
    [InlineData("wet read", "wet read|wetread")]
    [InlineData("something else", "something else| Something ELSE ")]
    public void Headers_have_the_name_that_the_published_parser_gives_them(string name, string headers)
    {
        foreach (var header in headers.Split('|')) SectionNames.Normalize(header).ShouldBe(name, header);
    }
}
