using System.Globalization;
using RadTex.Metrics;
using RadTex.Metrics.Intervals;
using RadTex.Selection;

namespace RadTex.Studio.Labelling;

/// <summary>
/// How the AUC on the reserve grows with labels: heads of random parts of the labels, each scored on the reserve's pictures of patients it did not
/// learn from. Other than the order in which pictures were asked, random parts say what more labels are worth.
/// </summary>
/// <param name="Points">Labels, and the AUC of each draw.</param>
/// <param name="Now">The mean over draws at the largest part; null where there is no curve.</param>
/// <param name="Forecast">Labels in all, and the mean AUC to expect there; none where the curve is too short.</param>
/// <param name="Why">Why there is no curve; null where there is one.</param>
public sealed record ReserveCurve(
    IReadOnlyList<(int Labels, double[] Aucs)> Points, double? Now, IReadOnlyList<(int Labels, Interval Auc)> Forecast, string? Why)
{
    private const int Draws = 5, Folds = 5, SmallestPart = 10, Step = 20, FarStep = 50;
    private const double WorthIt = 0.005;

    /// <summary>What it advises: never more than advice.</summary>
    public string Advice => Forecast is not [var next, ..] || Now is not { } now ? "Too few labels of the reserve to say whether more are worth it."
        : next.Auc.Upper - now < WorthIt
            ? $"{Step} more labels are unlikely to gain {WorthIt:0.000} of AUC, {Gain(next.Auc, now)}: you may stop here."
            : next.Auc.Estimate - now < WorthIt ? $"{Step} more labels gain little on average, {Gain(next.Auc, now)} of AUC."
            : $"{Step} more labels: about {Gain(next.Auc, now)} of AUC.";

    /// <summary>
    /// What more labels are worth, for a line that has little room: "20 more labels ≈ +0.01 [0.00, 0.02]"; null where nothing can be said.
    /// </summary>
    public string? Worth => Forecast is [var next, ..] && Now is { } now ? $"{Step} more labels ≈ {Gain(next.Auc, now)}" : null;

    private static string Gain(Interval auc, double now) => string.Create(
        CultureInfo.InvariantCulture,
        $"{auc.Estimate - now:+0.00;-0.00;0.00} [{auc.Lower - now:+0.00;-0.00;0.00}, {auc.Upper - now:+0.00;-0.00;0.00}]");

    internal static ReserveCurve Of(
        FindingLabels labels, ProjectSettings settings, PicturePool pool, Reserve reserve, CancellationToken cancellation)
    {
        if (settings.Classes > 2) return None("grades have no single AUC");
        if (pool.Features is null) return None("the encoder's features are not there yet");
        var known = labels.Targets.Where(l => pool.Has(l.Picture)).ToArray();
        string[] sample = ReserveScores.PicturesOf(labels, pool, reserve);
        bool[] positive = Array.ConvertAll(sample, p => labels.First[p] > 0);
        int[] patients = Array.ConvertAll(sample, p => pool.Selection.PatientOf(pool.RowOf(p)));
        var weightOf = reserve.Rows.Zip(reserve.Weights).ToDictionary(r => pool.Hashes[r.First], r => r.Second);
        double[] weights = Array.ConvertAll(sample, p => weightOf[p]);
        int positives = positive.Count(p => p);
        if (ClusteredAuc.TooFew(positives, positive.Length - positives) is { } few) return None(few);
        int most = known.Length * (Folds - 1) / Folds;
        int[] sizes = [.. Enumerable.Range(0, 8).Select(i => (int)Math.Round(most / Math.Pow(1.5, i))).Where(n => n >= SmallestPart).Reverse()];
        var points = sizes.Select(n => (Labels: n, Aucs: new List<double>())).ToArray();
        for (int draw = 0; draw < Draws; draw++)
        {
            var random = new CounterRandom(settings.Seed, (ulong)draw, 22);
            var fold = Enumerable.Range(0, pool.Selection.Patients).Select(_ => random.Below(Folds)).ToArray();
            foreach (var (n, aucs) in points)
            {
                cancellation.ThrowIfCancellationRequested();
                if (OutOfFold(known, n, sample, fold, settings, pool, draw) is { } scores
                    && FoldedAuc.Estimate(scores, positive, Array.ConvertAll(patients, p => fold[p]), weights) is { } auc) aucs.Add(auc);
            }
        }
        (int Labels, double[] Aucs)[] drawn = [.. points.Where(p => p.Aucs.Count == Draws).Select(p => (p.Labels, p.Aucs.ToArray()))];
        if (drawn.Length == 0) return None("random parts of the labels lack a class");
        int[] targets = [known.Length + Step, known.Length + FarStep];
        var forecast = CurveForecast.Of(drawn, targets, (int)(settings.Seed % int.MaxValue));
        return new(
            drawn, drawn[^1].Aucs.Average(), forecast is { } f ? [.. targets.Zip(f.Expected)] : [], null);
    }

    private static ReserveCurve None(string why) => new([], null, [], why);

    /// <summary>The logit of each picture of the reserve by a head of n labels of other folds; null where a head cannot be fitted.</summary>
    private static double[]? OutOfFold(
        (string Picture, int Class)[] known, int n, string[] sample, int[] fold, ProjectSettings settings, PicturePool pool, int draw)
    {
        int FoldOf(string picture) => fold[pool.Selection.PatientOf(pool.RowOf(picture))];
        var logits = new double[sample.Length];
        for (int f = 0; f < Folds; f++)
        {
            var part = known.Where(l => FoldOf(l.Picture) != f)
                .OrderBy(l => CounterRandom.Hash(settings.Seed, (ulong)pool.RowOf(l.Picture), (ulong)draw, 23)).Take(n).ToArray();
            if (SessionHeads.Fit(part, settings, pool) is not { } head) return null;
            for (int i = 0; i < sample.Length; i++)
                if (FoldOf(sample[i]) == f) logits[i] = CalibrationFit.Logit(head.Probability(pool.RowOf(sample[i])));
        }
        return logits;
    }
}
