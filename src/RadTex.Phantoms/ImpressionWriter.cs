using RadTex.Text;

namespace RadTex.Phantoms;

/// <summary>The conclusion: what matters most, in few words. It says nothing the picture does not hold, and compares only with a prior.</summary>
internal static class ImpressionWriter
{
    /// <param name="random">The report's stream.</param>
    /// <param name="study">What is drawn.</param>
    /// <param name="seen">What the reader saw (the mentions of the Findings).</param>
    /// <param name="isHedging">Whether the style hedges.</param>
    /// <param name="labels">Where the mentions are counted; null for among those of the Findings.</param>
    internal static string Write(CounterRandom random, PhantomStudy study, LabelTally seen, bool isHedging, LabelTally? labels = null)
    {
        labels ??= seen;
        var points = new List<string>();
        void Add(PhantomFinding finding, string positive, string hedged)
        {
            bool hedge = isHedging && (seen.Of(finding) == Mention.Uncertain || random.Chance(0.05f));
            labels.Add(finding, hedge ? Mention.Uncertain : Mention.Positive);
            points.Add(Phrase.Expand(random, hedge ? hedged : positive) + ".");
        }
        // A reader who passed a finding over or denied it does not conclude with it.
        bool Sees(PhantomFinding finding) => study.Has(finding) && seen.Of(finding) is not (null or Mention.Negative);

        Lesion? First(PhantomFinding finding) => study.Lesions.FirstOrDefault(l => l.Finding == finding);
        string Change(Lesion? lesion) => lesion?.Trend switch
        {
            Trend.New => "[New|New|]",
            Trend.Larger => "[Increased|Worsening|Interval increase in]",
            Trend.Smaller => "[Decreased|Improving|Interval decrease in]",
            Trend.Unchanged => "[Unchanged|Stable|Persistent|]",
            _ => "",
        };
        if (Sees(PhantomFinding.Pneumothorax) && First(PhantomFinding.Pneumothorax) is { } air)
            Add(
                PhantomFinding.Pneumothorax, $"{Change(air)} {Phrase.Amount(air.Magnitude)} {Phrase.SideWord(air.Side)} pneumothorax",
                $"Possible {Phrase.SideWord(air.Side)} pneumothorax");
        if (Sees(PhantomFinding.Pneumonia) && First(PhantomFinding.Pneumonia) is { } pneumonia)
            Add(
                PhantomFinding.Pneumonia, $"{Change(pneumonia)} pneumonia in {Phrase.Location(pneumonia)}",
                $"[Possible pneumonia|Findings concerning for pneumonia] in {Phrase.Location(pneumonia)}");
        if (Sees(PhantomFinding.Consolidation) && First(PhantomFinding.Consolidation) is { } dense)
            Add(
                PhantomFinding.Consolidation, $"{Change(dense)} consolidation in {Phrase.Location(dense)}",
                $"Possible consolidation in {Phrase.Location(dense)}");
        if (Sees(PhantomFinding.Edema))
        {
            string grade = study.EdemaSeverity switch
            {
                1 =>
                "pulmonary vascular congestion",
                2 => "interstitial pulmonary edema",
                _ => "[alveolar|severe] pulmonary edema"
            };
            string change = study.EdemaTrend switch
            {
                Trend.New =>
                "[New|]",
                Trend.Larger => "Worsened",
                Trend.Smaller => "Improved",
                Trend.Unchanged => "[Unchanged|]",
                _ => ""
            };
            Add(PhantomFinding.Edema, $"{change} {grade}", $"Possible {grade}");
        }
        if (Sees(PhantomFinding.PleuralEffusion) && First(PhantomFinding.PleuralEffusion) is { } fluid)
        {
            bool isBilateral = study.Lesions.Count(l => l.Finding == PhantomFinding.PleuralEffusion) == 2;
            Add(PhantomFinding.PleuralEffusion, isBilateral
                ? "Bilateral pleural effusions"
                : $"{Change(fluid)} {Phrase.Amount(fluid.Magnitude)} {Phrase.SideWord(fluid.Side)} pleural effusion", "Possible pleural effusion");
        }
        if (points.Count < 3 && Sees(PhantomFinding.Cardiomegaly))
            Add(
                PhantomFinding.Cardiomegaly,
                "[Cardiomegaly|Stable cardiomegaly|Enlarged heart]".Replace(
                    "|Stable cardiomegaly", First(PhantomFinding.Cardiomegaly)?.Trend == Trend.Unchanged ? "|Stable cardiomegaly" : "",
                    StringComparison.Ordinal),
                "Possible cardiomegaly");
        if (points.Count < 3 && Sees(PhantomFinding.Atelectasis) && First(PhantomFinding.Atelectasis) is { } collapse)
            Add(
                PhantomFinding.Atelectasis, $"{Change(collapse)} atelectasis in {Phrase.Location(collapse)}",
                $"Possible atelectasis in {Phrase.Location(collapse)}");
        if (points.Count < 3 && Sees(PhantomFinding.LungOpacity) && First(PhantomFinding.LungOpacity) is { } haze)
            Add(
                PhantomFinding.LungOpacity, $"{Change(haze)} hazy opacity in {Phrase.Location(haze)}",
                $"Possible hazy opacity in {Phrase.Location(haze)}");
        if (points.Count == 0)
        {
            bool hasDevices = seen.Of(PhantomFinding.SupportDevices) == Mention.Positive;
            if (hasDevices) labels.Add(PhantomFinding.SupportDevices, Mention.Positive);
            return Phrase.Expand(random, hasDevices
                ? "[Support devices in [standard|appropriate] position|Lines and tubes as described|No acute cardiopulmonary "
                + "process; support devices as described]."
                : "[No acute cardiopulmonary process|No acute cardiopulmonary abnormality|No acute intrathoracic process|Normal "
                + "chest radiograph|No evidence of acute cardiopulmonary disease].");
        }
        return points.Count == 1 || random.Chance(0.4f) ? string.Join(' ', points) : string.Join("\n", points.Select((p, i) => $"{i + 1}. {p}"));
    }
}
