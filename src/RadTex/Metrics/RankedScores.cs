namespace RadTex.Metrics;

/// <summary>
/// Scores sorted once, so that the AUC and the average precision of any resample cost one pass: a bootstrap asks for thousands. The figures
/// are those of <see cref="Roc.Auc"/> and <see cref="PrecisionRecall.AveragePrecision"/> on the resampled examples.
/// </summary>
public sealed class RankedScores
{
    private readonly int[] order; // from the highest score down
    private readonly bool[] labels, endsTie;

    /// <summary>Sorts the scores once, the highest first; O(n log n).</summary>
    /// <param name="scores">One score an example, higher meaning more likely positive; ties allowed.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <exception cref="ArgumentException">A score is NaN, or the lengths differ.</exception>
    public RankedScores(double[] scores, bool[] labels)
    {
        MetricInput.CheckScores(scores, labels.Length);
        this.labels = labels;
        order = [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i])];
        endsTie = [.. order.Select((example, rank) => rank + 1 == order.Length || scores[order[rank + 1]] != scores[example])];
    }

    /// <summary>The number of examples.</summary>
    public int Count => order.Length;

    /// <summary>The AUC where each example counts that often; null where a class is absent.</summary>
    /// <param name="times">How often each example was drawn, [n].</param>
    public double? Auc(ReadOnlySpan<int> times)
    {
        MetricInput.CheckLengths(times.Length, order.Length);
        long twice = 0, positives = 0, negatives = 0, tiedPositives = 0, tiedNegatives = 0;
        for (int i = 0; i < order.Length; i++)
        {
            int example = order[i];
            if (labels[example]) tiedPositives += times[example];
            else tiedNegatives += times[example];
            if (!endsTie[i]) continue;
            twice += tiedNegatives * (2 * positives + tiedPositives);
            (positives, negatives, tiedPositives, tiedNegatives) = (positives + tiedPositives, negatives + tiedNegatives, 0, 0);
        }
        return positives == 0 || negatives == 0 ? null : twice / (2.0 * positives * negatives);
    }

    /// <summary>The average precision where each example counts that often; null where there is no positive.</summary>
    /// <inheritdoc cref="Auc"/>
    public double? AveragePrecision(ReadOnlySpan<int> times)
    {
        MetricInput.CheckLengths(times.Length, order.Length);
        double sum = 0;
        long called = 0, hits = 0, tiedHits = 0;
        for (int i = 0; i < order.Length; i++)
        {
            int example = order[i];
            called += times[example];
            if (labels[example]) tiedHits += times[example];
            if (!endsTie[i] || tiedHits == 0) continue;
            hits += tiedHits;
            sum += tiedHits * ((double)hits / called);
            tiedHits = 0;
        }
        return hits == 0 ? null : sum / hits;
    }
}
