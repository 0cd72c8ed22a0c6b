using RadTex.Heads;
using RadTex.Metrics;
using RadTex.Metrics.Intervals;

namespace RadTex.Selection;

/// <summary>Labelling replayed with labels that are known: what a reader who follows a policy would have after each label.</summary>
public sealed class SelectionReplay
{
    private readonly RadiographFeatures train, test;
    private readonly int[] classes;
    private readonly bool[] testLabels;
    private readonly SelectionPool pool;
    private readonly float[] means;

    /// <summary>A pool and a test whose labels are all known; labels are copied, features are not.</summary>
    /// <exception cref="ArgumentException">Labels and radiographs differ in number.</exception>
    /// <param name="train">The pool: radiographs of which the label is known.</param>
    /// <param name="classes">Their classes, 0 or 1.</param>
    /// <param name="test">What is measured on; of other patients.</param>
    /// <param name="testLabels">Theirs; both classes occur.</param>
    /// <param name="prior">Scores of the pool known before any label; null for none.</param>
    public SelectionReplay(
        RadiographFeatures train, IReadOnlyList<int> classes, RadiographFeatures test, IReadOnlyList<bool> testLabels,
        IReadOnlyList<double>? prior = null)
    {
        if (classes.Count != train.Count || testLabels.Count != test.Count)
            throw new ArgumentException(
                $"{classes.Count} and {testLabels.Count} labels for {train.Count} and {test.Count} radiographs", nameof(classes));
        (this.train, this.classes, this.test, this.testLabels) = (train, [.. classes], test, [.. testLabels]);
        var values = new float[checked(train.Count * train.Width)];
        for (int i = 0; i < train.Count; i++) train.Row(i).CopyTo(values.AsSpan(i * train.Width));
        pool = new(values, train.Width, [.. train.Radiographs.Select(r => r.PatientId)], prior);
        means = LiveHead.MeansOf(train);
    }

    /// <summary>Replays one policy.</summary>
    /// <param name="policy">What chooses.</param>
    /// <param name="options">Sizes, seed, reserve.</param>
    /// <param name="cancellation">Stops between labels.</param>
    /// <exception cref="UserErrorException">The pool is smaller than the largest size.</exception>
    public ReplayResult Run(ISelectionPolicy policy, ReplayOptions options, CancellationToken cancellation = default)
    {
        int last = options.Sizes[^1];
        var reserve = Reserve.Draw(pool, (last + options.ReservePeriod - 1) / options.ReservePeriod, options.Seed);
        var free = new SortedSet<int>(Enumerable.Range(0, pool.Count).Where(row => !reserve.Holds(pool, row)));
        if (free.Count + reserve.Rows.Count < last)
            throw new UserErrorException(
                $"The pool has {free.Count + reserve.Rows.Count:N0} radiographs that can be asked, and {last:N0} labels are to "
                    + "be replayed. Take fewer labels or a larger pool.");
        var session = new Session(options);
        var points = new List<ReplayPoint>();
        while (session.Rows.Count < last)
        {
            cancellation.ThrowIfCancellationRequested();
            Block(policy, options, reserve, free, session, points);
        }
        return new(policy.Name, options.Seed, points);
    }

    // One pick of the reserve, hidden among those of the policy.
    private void Block(
        ISelectionPolicy policy, ReplayOptions options, Reserve reserve, SortedSet<int> free, Session session, List<ReplayPoint> points)
    {
        int picks = options.ReservePeriod - 1, reserveTurn = session.Random.Below(options.ReservePeriod);
        var head = Fit(session);
        var state = new SelectionState(
            pool, session.Rows, session.Classes, [.. free], head, CounterRandom.Hash(options.Seed, (ulong)session.Rows.Count, 10));
        var chosen = new Queue<int>(picks > 0 ? policy.Choose(state, picks) : []);
        for (int i = 0; i < options.ReservePeriod && session.Rows.Count < options.Sizes[^1]; i++)
        {
            bool isReserve = i == reserveTurn && session.Reserved < reserve.Rows.Count;
            if (!isReserve && chosen.Count == 0) continue;
            int row = isReserve ? reserve.Rows[session.Reserved] : chosen.Dequeue();
            free.Remove(row);
            bool errs = session.Random.UniformDouble() < options.LabelErrors;
            session.Add(row, errs ? 1 - classes[row] : classes[row], isReserve ? reserve.Weights[session.Reserved] : 0);
            if (options.Sizes.Contains(session.Rows.Count)) points.Add(Measure(session));
        }
    }

    private LiveHead? Fit(Session session) => LiveHead.Fit(train, means, session.Rows, session.Classes, 2, session.FoldSeed);

    private ReplayPoint Measure(Session session)
    {
        var head = Fit(session);
        double auc = head is null ? 0.5 : Roc
            .Auc(head.Weights.Probabilities(test), testLabels) ?? throw new InvalidOperationException("test labels are all alike");
        return new(session.Rows.Count, session.Classes.Count(c => c == 1), auc, head is not null, head is null ? null : OfReserve(session, head));
    }

    /// <summary>What the reserve's labels say of the head: out-of-fold scores of its rows alone.</summary>
    private Interval? OfReserve(Session session, LiveHead head)
    {
        if (head.HeldOut is not { } scores) return null;
        int[] own = [.. Enumerable.Range(0, session.Rows.Count).Where(i => session.ReserveWeights[i] > 0)];
        return FoldedAuc.Of(
            Array.ConvertAll(own, i => scores.Logit(i)), Array.ConvertAll(own, i => session.Classes[i] == 1),
            Array.ConvertAll(own, i => scores.Folds[i]),
            Array.ConvertAll(own, i => pool.PatientOf(session.Rows[i])), Array.ConvertAll(own, i => session.ReserveWeights[i]))
            .Interval;
    }

    private sealed class Session(ReplayOptions options)
    {
        internal List<int> Rows { get; } = [];

        internal List<int> Classes { get; } = [];

        /// <summary>Of the reserve, how many radiographs each stands for; 0 for others.</summary>
        internal List<double> ReserveWeights { get; } = [];

        internal int Reserved { get; private set; }

        internal CounterRandom Random { get; } = new(options.Seed, 11);

        internal ulong FoldSeed { get; } = CounterRandom.Hash(options.Seed, 12);

        internal void Add(int row, int label, double reserveWeight)
        {
            Rows.Add(row);
            Classes.Add(label);
            ReserveWeights.Add(reserveWeight);
            if (reserveWeight > 0) Reserved++;
        }
    }
}
