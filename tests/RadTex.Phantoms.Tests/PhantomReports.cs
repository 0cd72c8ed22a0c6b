using RadTex.Text;

namespace RadTex.Phantoms.Tests;

/// <summary>The reports of a set of phantoms and the labels their plan implies, without drawing a picture.</summary>
internal static class PhantomReports
{
    internal static IEnumerable<(PhantomStudy Study, string Text, Dictionary<string, string> Labels)> Of(PhantomOptions options, int patients)
    {
        var planner = new PhantomPlanner(options);
        for (int p = 0; p < patients; p++)
        {
            var patient = planner.Plan(p);
            foreach (var study in patient.Studies)
            {
                var (text, labels) = ReportWriter.Write(options, patient, study);
                yield return (study, text, ChexpertFindings.Names.Zip(labels.Cells()).ToDictionary(c => c.First, c => c.Second));
            }
        }
    }
}
