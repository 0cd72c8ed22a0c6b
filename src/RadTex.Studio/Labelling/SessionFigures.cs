using RadTex.Metrics;
using RadTex.Metrics.Agreement;
using RadTex.Selection;

namespace RadTex.Studio.Labelling;

/// <summary>What the reserve and the blinded repeats let one say.</summary>
internal static class SessionFigures
{
    private const int FewestSelfPairs = 30;

    internal static FindingFigures Of(FindingLabels labels, ProjectSettings settings, PicturePool pool, Reserve reserve, LiveHead? head)
    {
        int[] byClass = new int[settings.Classes], reserveByClass = new int[settings.Classes];
        foreach (var (_, value) in labels.Current) byClass[value]++;
        string[] ofReserve = ReserveScores.PicturesOf(labels, pool, reserve);
        foreach (var picture in ofReserve) reserveByClass[labels.First[picture]]++;
        ReserveScores? ScoresOf(int cut) => ReserveScores.Of(ofReserve, labels.First, pool, reserve, head, cut);
        CutFigure AucOf(int cut) => ScoresOf(cut)?.Auc() is var (interval, reason) ? new(cut, interval, reason) : new(cut, null, WhyNone(pool, head));
        bool isGraded = settings.Classes > 2;
        var scores = isGraded ? null : ScoresOf(0);
        var (_, auc, why) = isGraded ? new(0, null, "grades have an AUC for each cut") : AucOf(0);
        var (self, whyNot) = SelfAgreement(labels, settings.Classes);
        return new(labels.Current.Count, byClass, labels.Uncertain, labels.NotAssessable, reserveByClass, auc, why)
        {
            Cuts = isGraded ? [.. Enumerable.Range(0, settings.Classes - 1).Select(AucOf)] : [],
            Imported = labels.Imported,
            Calibration = auc is null ? null : CalibrationFit.Of(scores!.Logits, scores.Positive),
            SelfAgreement = self,
            WhyNoSelfAgreement = whyNot,
        };
    }

    private static string WhyNone(PicturePool pool, LiveHead? head) => pool.Features is null ? "the encoder's features are not there yet"
        : head is null ? "all labels are of one class" : "a class has fewer than two patients";

    private static (double? Kappa, string? Why) SelfAgreement(FindingLabels labels, int classes)
    {
        var pairs = labels.SelfPairs;
        if (pairs.Count < FewestSelfPairs) return (null, $"{pairs.Count} blinded repeats, fewer than {FewestSelfPairs}");
        return (ReaderAgreement.CohenKappa(new(2, classes, [.. pairs.SelectMany(p => (int?[])[p.First, p.Again])])), null);
    }
}
