namespace RadTex.Metrics;

/// <summary>Distinct scores from high to low, with the examples counted that score at least as high: what every ranking metric starts from.</summary>
internal sealed class ScoreGroups
{
    private ScoreGroups(double[] thresholds, int[] truePositives, int[] falsePositives) =>
        (Thresholds, TruePositives, FalsePositives) = (thresholds, truePositives, falsePositives);

    /// <summary>The distinct scores, falling.</summary>
    internal double[] Thresholds { get; }

    /// <summary>Positives that score at least the threshold.</summary>
    internal int[] TruePositives { get; }

    /// <summary>Negatives that score at least the threshold.</summary>
    internal int[] FalsePositives { get; }

    internal int Positives => TruePositives.Length == 0 ? 0 : TruePositives[^1];

    internal int Negatives => FalsePositives.Length == 0 ? 0 : FalsePositives[^1];

    /// <summary>Sorts and counts; n log n.</summary>
    internal static ScoreGroups Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        MetricInput.CheckScores(scores, labels.Length);
        var sorted = scores.ToArray();
        var positive = labels.ToArray();
        Array.Sort(sorted, positive);
        List<double> thresholds = [];
        List<int> truePositives = [], falsePositives = [];
        int hits = 0, alarms = 0;
        for (int i = sorted.Length - 1; i >= 0; i--)
        {
            if (positive[i]) hits++;
            else alarms++;
            if (i > 0 && sorted[i - 1] == sorted[i]) continue; // a tie: no threshold parts them
            thresholds.Add(sorted[i]);
            truePositives.Add(hits);
            falsePositives.Add(alarms);
        }
        return new ScoreGroups([.. thresholds], [.. truePositives], [.. falsePositives]);
    }
}
