using System.Globalization;
using RadTex.Files;
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
            new("Calibration", "", figures.Calibration is { } fit
                ? Text($"before the refit: intercept {fit.Intercept:0.00}, slope ") + (fit.Slope is { } slope ? Text($"{slope:0.00}") : "n/a")
                : "n/a: too few labels of the reserve"),
            new("Operating point", "", ClassifierExport.Describe(work, finding).Text),
            new("Agreement with oneself", "CLAIM 18", FigureText.RepeatsOf(figures)),
            new(
                "Not negatives", "CLAIM 13",
                Text($"{figures.Uncertain} uncertain and {figures.NotAssessable} not assessable answers are left out, never counted as absent")),
        ]);
    }

    private static CardSection Limits(Workplace work) => new("Limits",
    [
        new(
            "Other places", "",
            "untested: the step 'evaluate' measures the exported file on labelled radiographs it did not see"),
        new("Subgroups", "", work.Dataset.Radiographs.Select(r => r.View).Distinct().Count() > 1
            ? "several projections: an AUC within each is told by the step 'evaluate'" : "one projection; sex and age are not in the dataset"),
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
