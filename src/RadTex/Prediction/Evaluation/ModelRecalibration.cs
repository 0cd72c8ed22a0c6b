using RadTex.Heads;
using RadTex.Inspection;
using RadTex.Metrics;

namespace RadTex.Prediction.Evaluation;

/// <summary>One head of a classifier fitted to labels of another place.</summary>
/// <param name="Name">What the head tells.</param>
/// <param name="Head">The head's name.</param>
/// <param name="Column">Its place among the model's outputs.</param>
/// <param name="Change">What is done to its logits.</param>
/// <param name="Threshold">From which probability it then calls a radiograph positive; null where it has none.</param>
/// <param name="ThresholdNote">Where the threshold comes from, in words.</param>
/// <param name="Seen">What it was fitted on.</param>
/// <param name="SeenBefore">Whether the model saw any of it before, in words.</param>
/// <param name="LeftOut">Labelled pictures that could not be judged.</param>
/// <param name="BrierBefore">On the same labels, which flatters what comes after.</param>
/// <param name="BrierAfter">On the same labels.</param>
public sealed record ModelRecalibration(
    string Name, string Head, int Column, HeadRecalibration Change, HeadThreshold? Threshold, string ThresholdNote, SeenRadiographs Seen,
        string SeenBefore, int LeftOut, double BrierBefore, double BrierAfter)
{
    /// <summary>Fits a head.</summary>
    /// <param name="model">Stays the caller's to dispose.</param>
    /// <param name="name">Its file or folder.</param>
    /// <param name="sha256">Of that: the parent.</param>
    /// <param name="data">Labelled radiographs of the new place.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Counts pictures.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="UserErrorException">No such head, a graded one, too few labels, or the model saw some of the data.</exception>
    public static ModelRecalibration Fit(
        IRadiographModel model, string name, string sha256, LabelledPictures data, RecalibrationOptions options,
        IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        var (columns, sensitivity, patientsDiffer, batchSize, judgeAll) = options;
        var questions = EvaluationQuestion.Of(model.Notes, data, new Dictionary<string, string> { [columns.Key] = columns.Value }, _ => { });
        if (questions.Count != 1)
            throw new UserErrorException(
                questions[0].Name.Contains('≥') ? $"'{columns.Key}' tells grades. Recalibration is for heads of two classes."
                : $"The model has {questions.Count} heads for '{columns.Key}'. Open it with one of them.");
        var question = questions[0];
        int[] rows = question.Labels.Rows;
        data.Check(model);
        UnseenData.Require(model, name, data, rows, [], patientsDiffer);
        var scored = ScoredPictures.Of(model, data, rows, batchSize, judgeAll, progress, cancellation);
        var before = UnseenData.Require(model, name, data, rows, scored.PictureHashes, patientsDiffer);
        int[] judged = [.. Enumerable.Range(0, rows.Length).Where(i => scored.Probabilities[rows[i]] is not null)];
        double[] probabilities = [.. judged.Select(i => question.Probability(scored.Probabilities[rows[i]]!))];
        bool[] labels = [.. judged.Select(i => question.Labels.Classes[i] == 1)];
        var fit = LogisticRecalibration.Fit(probabilities, labels, sensitivity);
        int positives = labels.Count(l => l);
        double[] after = [.. probabilities.Select(p => LogisticRecalibration.Apply(fit.Intercept, fit.Slope, p))];
        var (threshold, note) = ThresholdAfter(fit, question.Output.Threshold, positives, labels.Length - positives, sensitivity);
        var seen = new SeenRadiographs(true, [SeenPart.Of(
            SeenRadiographs.Recalibration, data.Hash, data.Domain, scored.PictureHashes, data.HasPatients
                ? judged.Select(i => data.Radiographs[rows[i]].PatientId) : [])]);
        return new(
            columns.Key, question.Head, question.Columns[0],
            new(
                fit.Intercept, fit.Slope, fit.Rule, positives, labels.Length - positives, data.Hash, sha256,
                model.Notes.Quantisation is null ? null : "int8"), threshold, note, seen, before,
            scored.LeftOut.Count, Calibration.Brier(probabilities, labels)!.Value, Calibration.Brier(after, labels)!.Value);
    }

    private static (HeadThreshold?, string) ThresholdAfter(
        LogisticRecalibration fit, HeadThreshold? before, int positives, int negatives, double? sensitivity) =>
        fit.Threshold is { } found
            ? (new(found, $"{HeadThreshold.RuleOf(sensitivity)} on the labels of the recalibration", positives, negatives), "chosen on these labels")
            : before is { } old
                ? (old with { Probability = LogisticRecalibration.Apply(fit.Intercept, fit.Slope, old.Probability) },
                    $"the decisions are those of before: {fit.ThresholdReason}")
                : (null, $"none: {fit.ThresholdReason}");
}
