using RadTex.Metrics.Captions;
using RadTex.Text;

namespace RadTex.Phantoms.Tests;

/// <summary>The rules that label real reports, on synthetic ones whose truth is known.</summary>
public sealed class LabelledReportTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(PhantomReportStyle.Radiologist)]
    [InlineData(PhantomReportStyle.Systematic)]
    public void Phantom_reports_get_the_labels_of_their_plan(PhantomReportStyle style)
    {
        var (truth, found) = (new List<bool[]>(), new List<bool[]>());
        foreach (var (_, text, cells) in PhantomReports.Of(new(Count: 1, Seed: 77, ShortSidePixels: 64, ReportStyle: style), patients: 250))
        {
            var sections = ReportSections.Parse(text);
            truth.Add([.. PhantomFindings.Names.Select(name => cells[name] == "1.0")]);
            var labels = FindingLabeller.Label($"{sections.Last(ReportSections.Findings)}. {sections.Last(ReportSections.Impression)}");
            found.Add([.. PhantomFindings.Names.Select(name => labels.TryGetValue(name, out var status) && status == Mention.Positive)]);
        }
        var agreement = FindingAgreement.Of(PhantomFindings.Names, truth, found);
        output.WriteLine($"{style}: {truth.Count} synthetic reports, macro F1 {agreement.MacroF1:F3}");
        agreement.MacroF1.ShouldBeGreaterThanOrEqualTo(0.95);
    }
}
