using RadTex.Text;

namespace RadTex.Phantoms;

/// <summary>
/// The systematic style: each of the nine findings in one fixed order, as drawn, without hedges and in few words, so that a small language
/// model soon has nothing left to learn but what the picture shows.
/// </summary>
internal static class SystematicWriter
{
    internal static string Write(PhantomStudy study, LabelTally tally)
    {
        var sentences = new List<string>();
        foreach (var finding in (ReadOnlySpan<PhantomFinding>)
        [
            PhantomFinding.SupportDevices, PhantomFinding.Cardiomegaly, PhantomFinding.Edema, PhantomFinding.LungOpacity,
            PhantomFinding.Consolidation,
            PhantomFinding.Pneumonia, PhantomFinding.Atelectasis, PhantomFinding.PleuralEffusion, PhantomFinding.Pneumothorax,
        ])
        {
            bool isThere = study.Has(finding);
            tally.Add(finding, isThere ? Mention.Positive : Mention.Negative);
            sentences.Add(isThere ? Presence(study, finding) : finding switch
            {
                PhantomFinding.SupportDevices => "No support devices.",
                PhantomFinding.Cardiomegaly => "No cardiomegaly.",
                PhantomFinding.Edema => "No pulmonary edema.",
                PhantomFinding.LungOpacity => "No lung opacity.",
                PhantomFinding.Consolidation => "No consolidation.",
                PhantomFinding.Pneumonia => "No pneumonia.",
                PhantomFinding.Atelectasis => "No atelectasis.",
                PhantomFinding.PleuralEffusion => "No pleural effusion.",
                _ => "No pneumothorax.",
            });
        }
        return string.Join(' ', sentences);
    }

    private static string Presence(PhantomStudy study, PhantomFinding finding)
    {
        var lesions = study.Lesions.Where(l => l.Finding == finding).ToList();
        return finding switch
        {
            PhantomFinding.SupportDevices => $"Support devices are present: {Phrase.Join([.. lesions.Select(DeviceWords.Name).Distinct()], "and")}.",
            PhantomFinding.Cardiomegaly => $"There is {Degree(lesions[0].Magnitude)} cardiomegaly.",
            PhantomFinding.Edema => study.EdemaSeverity switch
            {
                1 => "There is pulmonary vascular congestion.",
                2 => "There is interstitial pulmonary edema.",
                _ => "There is alveolar pulmonary edema.",
            },
            PhantomFinding.LungOpacity => $"There is lung opacity{(lesions.Count > 0 ? $", hazy in the {Places(lesions)} zone" : "")}.",
            PhantomFinding.Consolidation => $"There is consolidation in the {Places(lesions)} zone.",
            PhantomFinding.Pneumonia => $"There is pneumonia in the {Places(lesions)} zone.",
            PhantomFinding.Atelectasis => $"There is atelectasis in the {Places(lesions)} zone.",
            PhantomFinding.PleuralEffusion =>
                $"There is a {Phrase.Join([.. lesions.Select(l => $"{Size(l.Magnitude)} {Phrase.SideWord(l.Side)}")], "and")} pleural effusion.",
            _ => $"There is a {Size(lesions[0].Magnitude)} {Phrase.SideWord(lesions[0].Side)} pneumothorax.",
        };
    }

    private static string Places(List<Lesion> lesions) => Phrase.Join([.. lesions.Select(Phrase.PlainPlace).Distinct()], "and");

    private static string Degree(float magnitude) => magnitude < 0.35f ? "mild" : magnitude < 0.68f ? "moderate" : "severe";

    private static string Size(float magnitude) => magnitude < 0.35f ? "small" : magnitude < 0.68f ? "moderate" : "large";
}
