using RadTex.Text;

namespace RadTex.Phantoms;

/// <summary>
/// Speaks of one study as a radiologist does. Each sentence adds what it says to the tally. Words of change are used only where a prior
/// study exists, and only as the course of the lesion allows.
/// </summary>
internal sealed class FindingsWriter(CounterRandom random, PhantomStudy study, LabelTally tally)
{
    private readonly LesionWriter lesions = new(random, study, tally);

    private bool HasPrior => study.Prior is not null;

    /// <summary>Whether the reader passes the finding over: hardly what is plain, now and then what is faint.</summary>
    private readonly HashSet<PhantomFinding> missed = [];

    internal string Write()
    {
        foreach (var finding in Enum.GetValues<PhantomFinding>())
            if (study.Has(finding) && random.Chance(study.Contrast(finding) < 0.35f ? 0.12f : 0.02f)) missed.Add(finding);

        var lungs = LungSentences();
        var topics = new List<List<string>> { DeviceSentences(), lungs, PleuralSentences(), HeartSentences() };
        var absences = AbsenceSentences();
        if (random.Chance(0.5f)) topics.Add(absences);
        else topics[1].AddRange(absences);
        if (random.Chance(0.45f)) topics.Add(BoneSentences());
        if (random.Chance(0.35f)) random.Shuffle(topics);
        else if (random.Chance(0.5f)) (topics[0], topics[^1]) = (topics[^1], topics[0]);
        var technique = TechniqueSentences();
        return string.Join(' ', technique.Concat(topics.SelectMany(t => t)));
    }

    private string Say(string template) => Phrase.Expand(random, template);

    private bool IsSeen(PhantomFinding finding) => study.Has(finding) && !missed.Contains(finding);

    private List<string> TechniqueSentences()
    {
        var sentences = new List<string>();
        if (HasPrior && random.Chance(0.2f))
            sentences.Add(
                Say(
                    "[In comparison with the study of ___|As compared to the previous radiograph|Comparison is made to the prior "
                        + "study of ___], [this is a follow-up radiograph|the patient is imaged again]."));
        if (study.Exposures[0].DiaphragmRise > 0.15f && random.Chance(0.5f))
            sentences.Add(Say("[Lung volumes are low|There are low lung volumes|Low lung volumes are noted|The lungs are hypoinflated]."));
        if (MathF.Abs(study.Exposures[0].Turn) > 1.2f && random.Chance(0.4f))
            sentences.Add(Say("[The patient is rotated|There is patient rotation|The radiograph is slightly rotated]."));
        return sentences;
    }

    private List<string> LungSentences()
    {
        var sentences = new List<string>();
        foreach (var lesion in study.Lesions)
        {
            if (missed.Contains(lesion.Finding)) continue;
            switch (lesion.Finding)
            {
                case PhantomFinding.Consolidation: sentences.Add(lesions.Consolidation(lesion)); break;
                case PhantomFinding.Pneumonia: sentences.Add(lesions.Pneumonia(lesion)); break;
                case PhantomFinding.LungOpacity: sentences.Add(lesions.Opacity(lesion)); break;
                case PhantomFinding.Atelectasis: sentences.Add(lesions.Atelectasis(lesion)); break;
            }
        }
        if (IsSeen(PhantomFinding.Edema)) sentences.Add(lesions.Edema());
        foreach (
            var gone in study.Resolved.Where(
                l => l.Finding is PhantomFinding.Consolidation or PhantomFinding.LungOpacity or PhantomFinding.Atelectasis))
        {
            if (study.Has(gone.Finding) || !random.Chance(0.5f)) continue;
            string what = gone.Finding switch
            {
                PhantomFinding.Consolidation =>
                "consolidation",
                PhantomFinding.Atelectasis => "atelectasis",
                _ => "opacity"
            };
            tally.Add(gone.Finding, Mention.Negative);
            sentences.Add(
                Say(
                    $"[The previously seen|Previously noted|The prior] {what} in {Phrase.Location(gone)} has "
                        + "[resolved|cleared|resolved completely]."));
        }
        if (sentences.Count == 0 && !study.Has(PhantomFinding.LungOpacity) && !study.Has(PhantomFinding.Edema))
            sentences.Add(
                Say(
                    "[The lungs are clear|Lungs are clear|The lungs are well expanded and clear|Both lungs are clear|The lungs are "
                        + "clear bilaterally|Lungs are well-aerated and clear]."));
        return sentences;
    }

    private List<string> PleuralSentences()
    {
        var sentences = new List<string>();
        var fluid = missed.Contains(PhantomFinding.PleuralEffusion)
            ? []
            : study.Lesions.Where(l => l.Finding == PhantomFinding.PleuralEffusion).ToList();
        bool isAlike = fluid.Count == 2 && fluid[0].Trend == fluid[1].Trend && MathF.Abs(fluid[0].Magnitude - fluid[1].Magnitude) < 0.3f;
        if (isAlike)
        {
            tally.Add(PhantomFinding.PleuralEffusion, Mention.Positive);
            string subject = $"{Phrase.Amount(fluid[0].Magnitude)} bilateral pleural effusions";
            sentences.Add(Say(lesions.Trended(fluid[0], subject, "s", $"[There are {subject}|{subject} are [present|seen|noted]|{subject}].")));
        }
        else foreach (var lesion in fluid)
        {
            string side = Phrase.SideWord(lesion.Side);
            if (lesions.IsHedged(lesion))
            {
                tally.Add(PhantomFinding.PleuralEffusion, Mention.Uncertain);
                sentences.Add(
                    Say(
                        $"[Blunting of the {side} costophrenic angle|Haziness at the {side} base] [may represent|could reflect|raises "
                            + "the possibility of|suggests a possible] [small|trace|] pleural effusion."));
                continue;
            }
            tally.Add(PhantomFinding.PleuralEffusion, Mention.Positive);
            string subject = $"{Phrase.Amount(lesion.Magnitude)} {side} [pleural effusion|pleural effusion|effusion|layering pleural effusion]";
            sentences.Add(
                Say(lesions.Trended(lesion, subject, "", $"[There is a {subject}|A {subject} is [present|seen|noted|demonstrated]|{subject}].")));
        }
        foreach (var lesion in study.Lesions.Where(l => l.Finding == PhantomFinding.Pneumothorax && !missed.Contains(l.Finding)))
        {
            string side = Phrase.SideWord(lesion.Side), where = lesion.Variant == 1 ? "[basilar|basal|]" : "[apical|apical|]";
            if (lesions.IsHedged(lesion))
            {
                tally.Add(PhantomFinding.Pneumothorax, Mention.Uncertain);
                sentences.Add(
                    Say(
                        $"[A {where} lucency on the {side} may represent a [small|tiny] pneumothorax|Possible "
                            + $"{Phrase.Amount(lesion.Magnitude)} {side} {where} pneumothorax|A {side} pneumothorax cannot be excluded]."));
                continue;
            }
            tally.Add(PhantomFinding.Pneumothorax, Mention.Positive);
            string subject = $"{Phrase.Amount(lesion.Magnitude)} {side} {where} pneumothorax";
            sentences.Add(Say(lesions.Trended(lesion, subject, "", $"[There is a {subject}|A {subject} is [present|seen|noted]|{subject}].")));
        }
        foreach (
            var gone in study.Resolved.Where(l => l.Finding is PhantomFinding.PleuralEffusion or PhantomFinding.Pneumothorax)
                .DistinctBy(l => l.Finding))
        {
            if (study.Has(gone.Finding) || !random.Chance(0.6f)) continue;
            tally.Add(gone.Finding, Mention.Negative);
            string what = gone.Finding == PhantomFinding.Pneumothorax ? "pneumothorax" : "pleural effusion";
            sentences.Add(Say($"[The previously seen|The prior|Previously noted] {Phrase.SideWord(gone.Side)} {what} has [resolved|cleared]."));
        }
        return sentences;
    }

    private List<string> HeartSentences()
    {
        var sentences = new List<string>();
        if (IsSeen(PhantomFinding.Cardiomegaly))
        {
            var heart = study.Lesions.First(l => l.Finding == PhantomFinding.Cardiomegaly);
            bool isHedged = random.Chance(heart.Contrast < 0.2f ? 0.3f : 0.06f);
            tally.Add(PhantomFinding.Cardiomegaly, isHedged ? Mention.Uncertain : Mention.Positive);
            string change = HasPrior && heart.Trend == Trend.Unchanged ? "[, unchanged|, stable| as before||]" : "";
            sentences.Add(Say(isHedged
                ? "[Possible mild cardiomegaly|The heart may be mildly enlarged|Borderline heart size, which may be exaggerated by technique]."
                : "[The heart is "
                + $"{(heart.Magnitude < 0.4f ? "[mildly|slightly]" : heart.Magnitude < 0.65f ? "[moderately|]" : "[markedly|severely]")} "
                + $"enlarged{change}|There is {Phrase.Degree(heart.Magnitude)} "
                + $"cardiomegaly{change}|{Phrase.Degree(heart.Magnitude)} cardiomegaly{change}|The cardiac silhouette is " + $"enlarged{change}]."));
        }
        else if (!study.Has(PhantomFinding.Cardiomegaly) && random.Chance(0.75f))
        {
            if (random.Chance(0.55f))
            {
                tally.Add(PhantomFinding.Cardiomegaly, Mention.Negative);
                sentences.Add(
                    Say(
                        "[Heart size is normal|The heart is normal in size|The heart is not enlarged|Normal heart size|Cardiac size is "
                            + "normal|The cardiac silhouette is normal in size]."));
            }
            else
            {
                tally.Add(LabelTally.EnlargedMediastinum, Mention.Negative);
                sentences.Add(
                    Say("[The|] cardiomediastinal [silhouette is|contours are|silhouette is] [within normal limits|unremarkable|normal|stable]"
                        .Replace("|stable", HasPrior ? "|stable" : "", StringComparison.Ordinal) + "."));
            }
        }
        if (random.Chance(0.3f))
            sentences.Add(
                Say(
                    "[The aorta is tortuous|The hilar contours are [normal|unremarkable]|Mediastinal contours are "
                        + "[unremarkable|normal]|The aortic knob is calcified]."));
        return sentences;
    }

    private List<string> AbsenceSentences()
    {
        // Chance of naming each absence; radiologists name what could harm, seldom what could not.
        var named = new List<(PhantomFinding Finding, string Words)>();
        void Consider(PhantomFinding finding, float chance, string words)
        {
            bool isAbsent = !study.Has(finding) || (missed.Contains(finding) && random.Chance(0.4f));
            if (isAbsent && tally.Of(finding) is null && random.Chance(chance)) named.Add((finding, words));
        }
        Consider(PhantomFinding.Consolidation, 0.55f, "[focal consolidation|consolidation|lobar consolidation]");
        Consider(PhantomFinding.PleuralEffusion, 0.8f, "[pleural effusion|pleural effusion|effusion]");
        Consider(PhantomFinding.Pneumothorax, 0.82f, "pneumothorax");
        Consider(PhantomFinding.Edema, 0.4f, "[pulmonary edema|vascular congestion|overt pulmonary edema|edema]");
        Consider(PhantomFinding.Pneumonia, study.Has(PhantomFinding.LungOpacity) ? 0.1f : 0.25f, "[evidence of pneumonia|pneumonia]");
        Consider(PhantomFinding.LungOpacity, 0.06f, "[focal opacity|airspace opacity]");
        Consider(PhantomFinding.Atelectasis, 0.05f, "atelectasis");
        if (!study.Has(PhantomFinding.SupportDevices)) Consider(PhantomFinding.SupportDevices, 0.04f, "[support devices|lines or tubes]");
        foreach (var (finding, _) in named) tally.Add(finding, Mention.Negative);
        if (random.Chance(0.4f)) random.Shuffle(named);
        var sentences = new List<string>();
        while (named.Count > 0)
        {
            int take = random.Chance(0.6f) ? named.Count : random.Integer(1, Math.Min(3, named.Count) + 1);
            string list = Phrase.Join([.. named.Take(take).Select(n => n.Words)], "or");
            sentences.Add(Say($"[There is no {list}|No {list}|No {list} is [seen|identified|present]|There is no evidence of {list}|Without {list}]."
                .Replace("evidence of [evidence of pneumonia|pneumonia]", "evidence of pneumonia", StringComparison.Ordinal)));
            named.RemoveRange(0, take);
        }
        return sentences;
    }

    private List<string> BoneSentences()
    {
        int form = random.Integer(0, 3);
        if (form == 2) tally.Add(LabelTally.Fracture, Mention.Negative);
        return
        [
            Say(form switch
            {
                0 => "[No acute osseous abnormality|The osseous structures are unremarkable|Bony structures are intact|No acute "
                    + "osseous abnormalities identified].",
                1 => "[Degenerative changes are noted in the thoracic spine|Multilevel degenerative change|Mild degenerative "
                    + "changes of the spine|The upper abdomen is unremarkable|No free air below the right hemidiaphragm].",
                _ => "[No displaced rib fracture|No displaced fracture is seen|No acute fracture is identified].",
            }),
        ];
    }

    private List<string> DeviceSentences()
    {
        var sentences = new List<string>();
        if (!IsSeen(PhantomFinding.SupportDevices)) return sentences;
        tally.Add(PhantomFinding.SupportDevices, Mention.Positive);
        foreach (var device in study.Lesions.Where(l => l.Finding == PhantomFinding.SupportDevices))
            sentences.Add(Say(DeviceWords.Sentence(random, device)));
        foreach (var gone in study.Resolved.Where(l => l.Finding == PhantomFinding.SupportDevices && random.Chance(0.5f)))
            sentences.Add(Say($"[The {DeviceWords.Name(gone)} has been removed|Interval removal of the {DeviceWords.Name(gone)}]."));
        return sentences;
    }
}
