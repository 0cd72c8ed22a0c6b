namespace RadTex.Metrics;

/// <summary>
/// The AUC within views. Sicker patients are radiographed lying (AP), so that a score which tells nothing but the view has an AUC above 0.5
/// over all radiographs. Within a view it has 0.5.
/// </summary>
public static class ViewAuc
{
    /// <summary>A view counts from this many positives and this many negatives on, as a subgroup does.</summary>
    public const int FewestOfAClass = Subgroups.FewestOfAClass;

    private const string Unknown = "unknown";

    /// <summary>The AUC of yes/no labels within each view.</summary>
    /// <param name="scores">One score an example, higher meaning more likely positive; ties count half.</param>
    /// <param name="labels">True where the example is positive.</param>
    /// <param name="views">Each example's view as stored, such as "AP"; case does not matter, an empty one is a view of its own.</param>
    /// <exception cref="ArgumentException">A score is NaN, or the lengths differ.</exception>
    public static ViewAucs Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, ReadOnlySpan<string> views)
    {
        MetricInput.CheckScores(scores, labels.Length);
        var rows = new List<ViewAucRow>();
        foreach (var (view, places) in Places(views, labels.Length))
        {
            var (own, ownLabels) = (new double[places.Length], new bool[places.Length]);
            for (int i = 0; i < places.Length; i++) (own[i], ownLabels[i]) = (scores[places[i]], labels[places[i]]);
            int positives = ownLabels.Count(l => l);
            rows.Add(new(view, positives, places.Length - positives, Suffices(positives, places.Length) ? Roc.Auc(own, ownLabels) : null));
        }
        return Mean(rows);
    }

    /// <summary>
    /// The mean AUC of the cuts of an ordered scale (<see cref="MultiClass.Ordinal"/>) within each view; a view counts where every cut has enough on
    /// both sides.
    /// </summary>
    /// <param name="probabilities">Row by row: examples x <paramref name="classes"/>, each row a softmax.</param>
    /// <param name="truth">The true classes, 0 the least.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="views">Each example's view as stored.</param>
    /// <exception cref="ArgumentException">A score is NaN, a class is out of range, or the lengths differ.</exception>
    public static ViewAucs Ordinal(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> truth, int classes, ReadOnlySpan<string> views)
    {
        MetricInput.CheckClasses(truth, classes, nameof(truth));
        MetricInput.CheckScores(probabilities, truth.Length * classes);
        var rows = new List<ViewAucRow>();
        foreach (var (view, places) in Places(views, truth.Length))
        {
            var (own, ownTruth) = (new double[places.Length * classes], new int[places.Length]);
            for (int i = 0; i < places.Length; i++)
            {
                ownTruth[i] = truth[places[i]];
                probabilities.Slice(places[i] * classes, classes).CopyTo(own.AsSpan(i * classes));
            }
            int above = Enumerable.Range(0, classes - 1).Select(cut => ownTruth.Count(c => c > cut)).MinBy(n => Math.Min(n, places.Length - n));
            rows.Add(
                new(view, above, places.Length - above, Suffices(above, places.Length) ? MultiClass.Ordinal(own, ownTruth, classes).Mean : null));
        }
        return Mean(rows);
    }

    /// <summary>The examples of each view that counts, for figures that are made again and again on the same labels, such as a bootstrap's.</summary>
    /// <param name="truth">The true classes, 0 the least.</param>
    /// <param name="classes">How many classes there are; 2 for yes/no labels.</param>
    /// <param name="views">Each example's view as stored.</param>
    /// <exception cref="ArgumentException">A class is out of range, or the lengths differ.</exception>
    public static IReadOnlyList<int[]> Counted(ReadOnlySpan<int> truth, int classes, ReadOnlySpan<string> views)
    {
        MetricInput.CheckClasses(truth, classes, nameof(truth));
        var counted = new List<int[]>();
        foreach (var (_, places) in Places(views, truth.Length))
        {
            var own = new int[places.Length];
            for (int i = 0; i < own.Length; i++) own[i] = truth[places[i]];
            if (Enumerable.Range(0, classes - 1).All(cut => Suffices(own.Count(c => c > cut), own.Length))) counted.Add(places);
        }
        return counted;
    }

    /// <summary>The name a view is counted under: upper case, "unknown" where there is none.</summary>
    public static string Name(string? view) => string.IsNullOrWhiteSpace(view) ? Unknown : view.Trim().ToUpperInvariant();

    private static bool Suffices(int positives, int all) => positives >= FewestOfAClass && all - positives >= FewestOfAClass;

    private static IEnumerable<(string View, int[] Places)> Places(ReadOnlySpan<string> views, int examples)
    {
        MetricInput.CheckLengths(views.Length, examples);
        var places = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
        for (int i = 0; i < views.Length; i++)
        {
            var name = Name(views[i]);
            if (!places.TryGetValue(name, out var own)) places[name] = own = [];
            own.Add(i);
        }
        return places.Select(p => (p.Key, p.Value.ToArray()));
    }

    private static ViewAucs Mean(List<ViewAucRow> rows) => rows.Any(r => r.Auc is not null)
        ? new(rows, rows.Average(r => r.Auc), null) // those that have one
        : new(rows, null, $"no view has {FewestOfAClass} positives and {FewestOfAClass} negatives among the test radiographs"
            + (rows.Count == 0 ? "" : $" ({string.Join(", ", rows.Select(r => $"{r.View}: {r.Positives:N0} and {r.Negatives:N0}"))})"));
}
