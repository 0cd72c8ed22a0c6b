using System.Globalization;
using RadTex.Heads;
using RadTex.Inspection;
using RadTex.Metrics;
using RadTex.Prediction.Onnx;

namespace RadTex.Studio.Exports;

/// <summary>
/// The present head of a finding on its encoder as one ONNX file, which <c>radtex predict</c> takes. Labels that a model asked for have another
/// prevalence than the radiographs have: the head's logits are refitted on the reserve's out-of-fold ones, where there are enough.
/// </summary>
public static class ClassifierExport
{
    /// <summary>Fewer positives or negatives of the reserve leave a classifier uncalibrated and without an operating point.</summary>
    public const int FewestOfAClass = 10;

    /// <summary>Whether there is a classifier of a finding, and what may be said of it.</summary>
    public static (bool IsReady, string Text) Describe(Workplace work, string finding)
    {
        if (work.Encoder is null) return (false, "there is no encoder");
        if (work.Session.Head(finding) is null) return (false, StripOf(work));
        var (recalibration, threshold, why) = Calibrate(work, finding);
        return (true, recalibration is null ? $"uncalibrated and without an operating point: {why}"
            : threshold is null ? $"calibrated on the reserve; no operating point: {why}"
            : string.Create(CultureInfo.InvariantCulture,
                $"calibrated on the reserve; called positive from {threshold.Probability:0.00} on ({threshold.Rule})"));
    }

    /// <summary>Writes it.</summary>
    /// <param name="work">The studio.</param>
    /// <param name="finding">Of two classes, or grades.</param>
    /// <param name="path">Ends in .onnx.</param>
    /// <exception cref="UserErrorException">There is no encoder, or there are no labels of two classes.</exception>
    public static void Write(Workplace work, string finding, string path) => ClassifierModel.Write(
        work.Options.Encoder ?? throw None(finding), path, [HeadOf(work, finding)]);

    /// <summary>The head as it leaves, its logits refitted on the reserve where there are enough.</summary>
    /// <exception cref="UserErrorException">There is none yet.</exception>
    internal static TrainedHead HeadOf(Workplace work, string finding)
    {
        if (work.Encoder is null || work.Session.Head(finding) is not { } head)
            throw None(finding);
        var (recalibration, threshold, _) = Calibrate(work, finding);
        var weights = recalibration is null ? head.Weights : head.Weights with
        {
            Weights = Array.ConvertAll(head.Weights.Weights, w => w * recalibration.Slope),
            Biases = Array.ConvertAll(head.Weights.Biases, b => recalibration.Intercept + recalibration.Slope * b),
        };
        var labelled = work.Session.Read(b => b.Labelled(finding)).Where(l => work.Pool.Has(l.Picture)).ToArray();
        var seen = SeenRadiographs.Of(work.Dataset, [.. labelled.Select(l => work.RadiographOf(l.Picture).Index)], SeenRadiographs.Labels);
        return new(

string.Create(CultureInfo.InvariantCulture, $"{finding}/n{labelled.Length}/studio/logistic"), finding, labelled.Length, 0,
            HeadKind.Logistic,
            weights, threshold, seen, recalibration is null ? null : [recalibration], work.Dataset.Preparation);
    }

    private static UserErrorException None(string finding) =>
        new($"There is no classifier of {finding} yet: it needs an encoder, its features, and labels of both classes.");

    /// <summary>How the head's logits are refitted, from which probability on it calls a radiograph positive, and why not.</summary>
    internal static (HeadRecalibration? Change, HeadThreshold? Threshold, string? Why) Calibrate(Workplace work, string finding)
    {
        if (work.Session.Settings.Classes > 2) return (null, null, "grades have no single operating point");
        if (work.Session.Scores(finding) is not { } scores) return (null, null, "a class has fewer than two patients");
        int positives = scores.Positives, negatives = scores.Positive.Length - positives;
        if (Math.Min(positives, negatives) < FewestOfAClass)
            return (null, null, $"{positives} positive and {negatives} negative pictures of the reserve, fewer than {FewestOfAClass} of one");
        // The intercept alone: a slope of so few labels moves probabilities more than it mends them.
        var fit = CalibrationFit.Of(scores.Logits, scores.Positive)!.Value;
        var change = new HeadRecalibration(
            fit.Intercept, 1, "intercept alone, on the reserve's out-of-fold logits", positives, negatives, work.Dataset.Hash,
            work.Session.Head(finding)!.Sha256);
        double[] logits = Array.ConvertAll(scores.Logits, z => z + fit.Intercept);
        return HeadThreshold.Choose(logits, scores.Positive, null) is { } threshold ? (change, threshold, null)
            : (change, null, "no threshold is better than chance on the reserve");
    }

    private static string StripOf(Workplace work) => work.FeatureFault is { } fault ? fault
        : work.MakingFeatures is not null ? "its features are being made" : "it needs labels of both classes";
}
