using RadTex.Studies;

namespace RadTex.Text;

/// <summary>How a report becomes a caption: sections, corrections by hand, the part that is taken, cleaning; always in that order.</summary>
/// <param name="Policy">The part that is taken.</param>
/// <param name="Cleaning">What is taken out of it.</param>
/// <param name="Overrides">Corrections of single studies; null for none.</param>
public sealed record CaptionRule(SectionPolicy Policy, TextCleaning Cleaning, SectionOverrides? Overrides = null)
{
    /// <summary>The caption, in one line; null where the report has none.</summary>
    /// <param name="report">The whole report.</param>
    /// <param name="study">Whose it is, for corrections by hand; null where that is not known, and then it has none.</param>
    public string? Caption(string report, StudyKey? study)
    {
        var sections = ReportSections.Parse(report);
        if (Overrides is not null && study is { } key) sections = Overrides.Apply(key, sections);
        return Policy.Select(sections) is { } text ? Cleaning.Clean(text) : null;
    }
}
