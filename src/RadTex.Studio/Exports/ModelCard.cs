using System.Globalization;
using RadTex.Files;
using RadTex.Metrics;
using RadTex.Metrics.Intervals;
using RadTex.Studio.Labelling;
using RadTex.Studio.Projects;

namespace RadTex.Studio.Exports;

/// <summary>What one must know of the classifiers of a project, filled from its file: nothing is written by hand.</summary>
/// <remarks>
/// Lines bear the numbers of CLAIM (2020) and TRIPOD+AI (2024) where they were held against a published list: CLAIM 1 to 20 (Kocak et al. 2025,
/// table 5), TRIPOD+AI 3b and 5a. Others answer items of both too, whose numbers could not be held against one; they bear none.
/// </remarks>
/// <param name="Sections">In the order of the page.</param>
public sealed record ModelCard(IReadOnlyList<CardSection> Sections)
{
    /// <summary>The card of a project as it stands now: every figure is computed from its file.</summary>
    /// <param name="work">An open project.</param>
    public static ModelCard Of(Workplace work) => new(
    [
        Purpose(work), Data(work), Readers(work), .. work.Session.Settings.Findings.Select(f => Finding(work, f)), Limits(work), Chain(work),
    ]);

    /// <summary>Writes it as JSON, whole or not at all.</summary>
    public void Write(string path) => JsonFile.Write(path, this);

    private static CardSection Purpose(Workplace work) => new("What it is",
    [
        new("Model", "", work.Encoder is { } notes
            ? $"a linear head on the frozen features of {notes.Encoder.Architecture} ({notes.Encoder.Provenance}), L2 "
            + "logistic regression, strength by "
                + "cross-validation over patients" : "none: labels were gathered without an encoder"),
        new("Encoder's weights", "", work.Session.Settings.EncoderSha256 is { Length: > 0 } hash ? $"SHA-256 {hash}" : "none"),
        new("Intended use", "CLAIM 3, TRIPOD+AI 3b", "research: it tells nothing of a patient, and is no medical device"),
    ]);

    private static CardSection Data(Workplace work)
    {
        var manifest = work.Dataset.Manifest;
        return new("Data",
        [
            new("Radiographs", "CLAIM 7, TRIPOD+AI 5a", Text(
                $"{work.Pool.Count:N0} of {work.Pool.Selection.Patients:N0} patients, the training split of a dataset of kind {manifest.Source.Kind}")
                + (manifest.Synthetic ? "; synthetic, drawn and not taken of patients" : "")),
            new("Dataset's hash", "CLAIM 7", manifest.Hash),
            new("Preprocessing", "CLAIM 9", $"{work.Dataset.Preparation}"),
            new("Partition", "CLAIM 20",
                "by patient; the test split was never shown. Figures here are of the reserve, none of the test split"),
        ]);
    }

    private static CardSection Readers(Workplace work)
    {
        var settings = work.Session.Settings;
        var answers = work.Project.Events.Where(e => e.Kind == EventKind.Label).ToArray();
        long[] times = [.. answers.Select(e => e.MillisecondsInView).OfType<long>().Order()];
        return new("Labels",
        [
            new("Asked", "CLAIM 14", $"{string.Join(", ", settings.Findings)}: "
                + (settings.Classes == 2 ? "present or absent" : $"grades 0 to {settings.Classes - 1}")),
            new(
                "Readers", "CLAIM 16",
                Text($"{work.Session.Read(b => b.Readers).Count(r => r.Length > 0)}, by handles; no reader saw another's answers")),
            new("Blinding", "", "no probability, map or report could be seen before a picture's first answer; figures use first answers"),
            new(
                "Time in view", "",
                times.Length == 0 ? "n/a" : Text($"median {times[times.Length / 2] / 1000.0:0.0} s over {times.Length:N0} answers")),
            new(
                "Chosen by", "CLAIM 10",
                Text($"{settings.Policy}, with one picture in {settings.ReservePeriod} from the reserve, a random sample of patients; ")
                    + Text($"seed {settings.Seed}")),
        ]);
    }

    private static CardSection Finding(Workplace work, string finding)
    {
        var figures = work.Session.Figures(finding);
        var reserve = figures.ReserveByClass;
        int positives = reserve.Skip(1).Sum(), all = reserve.Sum();
        var prevalence = all == 0 ? "n/a: no label of the reserve" : Proportion.Exact(positives, all) is { } share ? FigureText.Of(share) : "n/a";
        return new(finding,
        [
            new("Labels", "", FigureText.LabelsOf(figures)
                + (work.Session.Settings.SoftLabels ? "; heads learn from every reader's answer in its share" : "")),
            new("Prevalence in the reserve", "", prevalence),
            new(
                "AUC on the reserve", "",
                $"{FigureText.AucOf(figures)[4..]}{(figures.Auc ?? figures.Cuts.FirstOrDefault(c => c.Auc is not null)?.Auc) switch
                {
                    null => "",
                    _ => ", out of fold, 95% over patients",
                }}"),
            new("Calibration", "", (figures.Calibration is null ? "" : "before the refit: ") + FigureText.CalibrationOf(figures)),
            new("Operating point", "", ClassifierExport.Describe(work, finding).Text),
            new("Within projections", "", WithinViews(work, finding)),
            new("Wrong on the reserve", "", Mistakes(work, finding)),
            new("Agreement with oneself", "CLAIM 18", FigureText.RepeatsOf(figures)),
            new(
                "Not negatives", "CLAIM 13",
                Text($"{figures.Uncertain} uncertain and {figures.NotAssessable} not assessable answers are left out, never counted as absent")),
        ]);
    }

    /// <summary>The AUC on the reserve among the radiographs of a projection alone, which no difference between projections can raise.</summary>
    private static string WithinViews(Workplace work, string finding)
    {
        if (work.Session.Settings.Classes > 2) return "n/a: grades have an AUC for each cut";
        if (work.Session.Scores(finding) is not { } scores) return "n/a: there is no head with out-of-fold scores";
        string ViewOf(string picture) => work.RadiographOf(picture).View is { Length: > 0 } view ? view : "not stated";
        return string.Join("; ", scores.Pictures.Select(ViewOf).Distinct().Order(StringComparer.Ordinal).Select(view =>
        {
            var own = scores.Where(p => ViewOf(p) == view);
            var (auc, why) = own.Auc();
            return Text($"{view}: {FigureText.AucOf(new CutFigure(0, auc, why))} ({own.Positives} of {own.Pictures.Length} with the finding)");
        }));
    }

    /// <summary>How often the operating point is wrong on the pictures it was chosen on, by heads of other patients.</summary>
    private static string Mistakes(Workplace work, string finding)
    {
        if (ClassifierExport.Calibrate(work, finding) is not ({ } change, { } threshold, _)) return "n/a: there is no operating point";
        var scores = work.Session.Scores(finding)!;
        double point = CalibrationFit.Logit(threshold.Probability) - change.Intercept - 1e-9; // it is one of the pictures' own scores
        int missed = Enumerable.Range(0, scores.Logits.Length).Count(i => scores.Positive[i] && scores.Logits[i] < point),
            called = Enumerable.Range(0, scores.Logits.Length).Count(i => !scores.Positive[i] && scores.Logits[i] >= point);
        return Text(
            $"at the operating point, which was chosen on the same pictures, so that more are to be expected: {missed} of {scores.Positives} ")
            + Text($"with the finding are missed, {called} of {scores.Positive.Length - scores.Positives} without it are called");
    }

    private static CardSection Limits(Workplace work) => new("Limits",
    [
        new(
            "Other places", "",
            "untested: the step 'evaluate' measures the exported file on labelled radiographs it did not see"),
        new("Subgroups", "",
            "figures within projections stand with each finding; sex and age are not in a dataset: the step 'evaluate' takes a table of them"),
        new("Failures", "", "the gallery shows the answers that most contradict a model of other patients"),
    ]);

    private static CardSection Chain(Workplace work) => new("Where this comes from",
    [
        new("Events", "", Text($"{work.Project.Events.Count:N0}, each tied to all before it")),
        new("The last event's code", "", work.Project.Head),
        new("Program", "", $"RadTex {typeof(ModelCard).Assembly.GetName().Version!.ToString(3)}"),
    ]);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
