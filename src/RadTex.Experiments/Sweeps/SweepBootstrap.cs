using RadTex.Metrics;
using RadTex.Metrics.Intervals;

namespace RadTex.Experiments.Sweeps;

/// <summary>Bootstrap intervals and paired comparisons of sweep cells over test patients, and over trials and patients at once.</summary>
/// <param name="resamples">Of each bootstrap.</param>
/// <param name="seed">Of all draws.</param>
internal sealed class SweepBootstrap(int resamples, int seed)
{
    private readonly Dictionary<SweepRun, Ranked> ranked = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// The figure a bootstrap is of: AUC or average precision, of grades the mean of the cuts or classes; or the mean AUC within views, over those
    /// that count in the whole test set (<see cref="ViewAuc"/>).
    /// </summary>
    internal enum Figure
    {
        Auc,
        AveragePrecision,
        AucWithinViews,
    }

    /// <summary>
    /// The interval of a cell's mean figure over tasks and trials: over trials and test patients from three trials on, over patients alone of one
    /// (the classifiers as they are). Or why there is none.
    /// </summary>
    internal (Interval? Interval, string? Reason) Mean(IReadOnlyList<SweepRun> cell, Figure figure, CancellationToken cancellation)
    {
        if (TooFew(cell) is { } few) return (null, few);
        if (Pool(cell) is not { } pool)
            return (null, cell.FirstOrDefault(r => r.Probabilities is null)?.Reason ?? "the trials are tested on different radiographs");
        int[][] trials = Trials(cell);
        if (trials.Length > 1 && trials.Length < TrialMean.FewestTrials)
            return (null, $"{trials.Length} trials, fewer than {TrialMean.FewestTrials}");
        double? Of(int trial, int[] rows) => MeanOverTasks(cell, trials, trial, pool, pool.Times(rows), figure);
        int[] all = [.. Enumerable.Range(0, pool.Patients.Length)];
        double?[] whole = [.. trials.Select((_, t) => Of(t, all))];
        double? variance = trials.Length > 1
            ? Bootstrap.SharedPatientVariance(pool.Patients, trials.Length, Of, seed, resamples, cancellation)
            : Bootstrap.PatientVariance(pool.Patients, rows => Of(0, rows), seed, resamples, cancellation);
        if (Average(whole) is not { } mean || variance is not { } v) return (null, WithoutFigure(cell, figure) ?? Undefined);
        var interval = trials.Length > 1 ? TrialMean.Of([.. whole.Select(w => w!.Value)], v)
            : mean is > 0 and < 1 ? LogitInterval.Of(mean, TrialMean.PatientHalfWidth(v), Interval.DefaultLevel) : null;
        return (interval, interval is null ? $"a figure of {mean:0.###} has no standard error" : null);
    }

    /// <summary>
    /// The difference of two cells over their common trials: over trials and patients from three trials on, of one trial each over patients, which
    /// says nothing of the ways they were trained.
    /// </summary>
    internal (PairedComparison? Comparison, string? Reason) Compare(
        IReadOnlyList<SweepRun> first, IReadOnlyList<SweepRun> second, Figure figure, CancellationToken cancellation)
    {
        if (first.Any(r => r.Probabilities is null) || second.Any(r => r.Probabilities is null) || first.Count == 0 || second.Count == 0)
            return (null, first.Concat(second).FirstOrDefault(r => r.Probabilities is null)?.Reason ?? "not run");
        int common = Math.Min(first.Max(r => r.Trial), second.Max(r => r.Trial)) + 1;
        SweepRun[] a = [.. first.Where(r => r.Trial < common)], b = [.. second.Where(r => r.Trial < common)];
        if (common > 1 && common < TrialMean.FewestTrials) return (null, $"{common} trials in common, fewer than {TrialMean.FewestTrials}");
        if ((TooFew(a) ?? TooFew(b)) is { } few) return (null, few);
        if (Pool([.. a, .. b]) is not { } pool) return (null, "the trials are tested on different radiographs");
        int[][] trialsOfA = Trials(a), trialsOfB = Trials(b);
        double? Of(SweepRun[] runs, int[][] trials, int trial, int[] rows) => MeanOverTasks(runs, trials, trial, pool, pool.Times(rows), figure);
        var comparison = common > 1
            ? Bootstrap.PairedOverTrials(
                pool.Patients, common, (t, rows) => Of(a, trialsOfA, t, rows) - Of(b, trialsOfB, t, rows), seed, resamples,
                cancellation: cancellation)
            : Bootstrap.PairedDifference(
                pool.Patients, rows => Of(a, trialsOfA, 0, rows), rows => Of(b, trialsOfB, 0, rows), seed, resamples, cancellation: cancellation);
        return (comparison, comparison is null ? WithoutFigure(a, figure) ?? WithoutFigure(b, figure) ?? Undefined : null);
    }

    private static string? WithoutFigure(IReadOnlyList<SweepRun> runs, Figure figure) =>
        figure == Figure.AucWithinViews ? runs
            .FirstOrDefault(r => r.Scores.AucWithinViews is null) is { } run ? $"{run.Task}: {run.Scores.WithinViewsReason}" : null : null;

    private const string Undefined = "undefined in most resamples: too few test radiographs of a class";

    /// <summary>Whether a task has too few test radiographs of a class for an interval to cover what it says; null where none has.</summary>
    private static string? TooFew(IReadOnlyList<SweepRun> runs)
    {
        foreach (var run in runs.Where(r => r.Test is not null).DistinctBy(r => r.Task))
            for (int cut = 1; cut < run.Test!.ClassCount; cut++)
            {
                int above = run.Test.Classes.Count(c => c >= cut);
                if (ClusteredAuc.TooFew(above, run.Test.Classes.Length - above, "test radiographs") is { } few) return $"{run.Task}: {few}";
            }
        return null;
    }

    /// <summary>A trial's mean over its tasks on drawn test radiographs; null where one is undefined.</summary>
    private double? MeanOverTasks(IReadOnlyList<SweepRun> runs, int[][] trials, int trial, TestPool pool, int[] times, Figure figure) =>
        Average(trials[trial].Select(i => RankedOf(runs[i], pool).Of(figure, times)));

    private static double? Average(IEnumerable<double?> values)
    {
        double sum = 0;
        int count = 0;
        foreach (var value in values)
        {
            if (value is null) return null;
            (sum, count) = (sum + value.Value, count + 1);
        }
        return count == 0 ? null : sum / count;
    }

    /// <summary>For each trial the places of its runs.</summary>
    private static int[][] Trials(IReadOnlyList<SweepRun> runs) =>
        [.. Enumerable.Range(0, runs.Count).GroupBy(i => runs[i].Trial).OrderBy(g => g.Key).Select(g => g.ToArray())];

    /// <summary>All test radiographs of some runs; null where a task's differ from run to run, so that nothing can be paired.</summary>
    private static TestPool? Pool(IReadOnlyList<SweepRun> runs)
    {
        if (runs.Count == 0 || runs.Any(r => r.Probabilities is null)) return null;
        foreach (var task in runs.GroupBy(r => r.Task))
            if (task.Select(r => r.Test!).Distinct(ReferenceEqualityComparer.Instance).Count() > 1
                && task.Any(
                    r => !r.Test!.Radiographs.Select(x => x.Index).SequenceEqual(task.First().Test!.Radiographs.Select(x => x.Index)))) return null;
        return new(runs);
    }

    private Ranked RankedOf(SweepRun run, TestPool pool)
    {
        if (!ranked.TryGetValue(run, out var found) || found.Pool != pool.Key) ranked[run] = found = new(run, pool);
        return found;
    }

    /// <summary>The distinct test radiographs of a comparison.</summary>
    private sealed class TestPool
    {
        private int[]? lastRows, lastTimes;

        internal TestPool(IReadOnlyList<SweepRun> runs)
        {
            var radiographs = runs.SelectMany(r => r.Test!.Radiographs).DistinctBy(r => r.Index).OrderBy(r => r.Index).ToArray();
            var numbers = radiographs.Select(r => r.PatientId).Distinct().Select((id, i) => (id, i)).ToDictionary();
            Patients = [.. radiographs.Select(r => numbers[r.PatientId])];
            RowOf = radiographs.Select((r, i) => (r.Index, i)).ToDictionary();
            Key = string.Join(',', radiographs.Select(r => r.Index));
        }

        internal int[] Patients { get; }

        internal Dictionary<int, int> RowOf { get; }

        internal string Key { get; }

        /// <summary>How often each radiograph was drawn.</summary>
        internal int[] Times(int[] rows)
        {
            if (ReferenceEquals(rows, lastRows)) return lastTimes!;
            var times = new int[Patients.Length];
            foreach (int row in rows) times[row]++;
            (lastRows, lastTimes) = (rows, times);
            return times;
        }
    }

    /// <summary>A run's scores, sorted: one cut for two classes, of grades one a cut (AUC) or one a class (average precision).</summary>
    private sealed class Ranked
    {
        private readonly RankedScores[] cuts, classes;
        private readonly (int[] Places, RankedScores[] Cuts)[] views;
        private readonly int[] rows;

        internal Ranked(SweepRun run, TestPool pool)
        {
            var (test, values) = (run.Test!, run.Probabilities!);
            int C = test.ClassCount;
            rows = [.. test.Radiographs.Select(r => pool.RowOf[r.Index])];
            Pool = pool.Key;
            double At(int i, int from, int end) => Enumerable.Range(from, end - from).Sum(c => values[i * C + c]);
            RankedScores By(Func<int, double> score, Func<int, bool> positive) =>
                new([.. Enumerable.Range(0, test.Classes.Length).Select(score)], [.. test.Classes.Select(c => positive(c))]);
            if (C == 2) cuts = classes = [By(i => values[i], c => c == 1)];
            else
            {
                cuts = [.. Enumerable.Range(1, C - 1).Select(cut => By(i => At(i, cut, C), c => c >= cut))];
                classes = [.. Enumerable.Range(0, C).Select(k => By(i => values[i * C + k], c => c == k))];
            }
            views = [.. ViewAuc.Counted(test.Classes, C, [.. test.Radiographs.Select(r => r.View)]).Select(places => (places, CutsAmong(places)))];
            RankedScores[] CutsAmong(int[] places) => [.. Enumerable.Range(1, C - 1).Select(cut => new RankedScores(
                [.. places.Select(i => C == 2 ? values[i] : At(i, cut, C))], [.. places.Select(i => test.Classes[i] >= cut)]))];
        }

        internal string Pool { get; }

        internal double? Of(Figure figure, int[] times)
        {
            Span<int> own = rows.Length <= 4096 ? stackalloc int[rows.Length] : new int[rows.Length];
            for (int i = 0; i < rows.Length; i++) own[i] = times[rows[i]];
            if (figure == Figure.AucWithinViews) return WithinViews(own);
            double sum = 0;
            var all = figure == Figure.Auc ? cuts : classes;
            foreach (var cut in all)
            {
                if ((figure == Figure.Auc ? cut.Auc(own) : cut.AveragePrecision(own)) is not { } value) return null;
                sum += value;
            }
            return sum / all.Length;
        }

        private double? WithinViews(ReadOnlySpan<int> times)
        {
            var each = new double?[views.Length];
            for (int v = 0; v < each.Length; v++) each[v] = Within(views[v], times);
            return Average(each);
        }

        private static double? Within((int[] Places, RankedScores[] Cuts) view, ReadOnlySpan<int> times)
        {
            var own = new int[view.Places.Length];
            for (int i = 0; i < own.Length; i++) own[i] = times[view.Places[i]];
            return Average(view.Cuts.Select(cut => cut.Auc(own)));
        }
    }
}
