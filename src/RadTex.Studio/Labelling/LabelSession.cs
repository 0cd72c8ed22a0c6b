using RadTex.Metrics;
using RadTex.Metrics.Agreement;
using RadTex.Metrics.Intervals;
using RadTex.Selection;
using RadTex.Studio.Projects;

namespace RadTex.Studio.Labelling;

/// <summary>
/// A project at work: what is asked next, what is answered, what may be said of it. Every answer is durable before it is acknowledged. Safe for use
/// by several threads; what it holds besides the project can be made anew from it.
/// </summary>
public sealed class LabelSession
{
    private const int FewestSelfPairs = 30, FewestForContradiction = 20;

    private readonly Lock gate = new();
    private readonly ProjectFile project;
    private readonly PicturePool pool;
    private readonly ISelectionPolicy policy;
    private readonly Dictionary<string, (IReadOnlyList<(string Picture, int Class)> Labels, LiveHead? Head)> heads = [];
    private readonly Reserve reserve;
    private LabelBook book;

    /// <param name="project">Stays the caller's to dispose.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="pool">Its pictures.</param>
    public LabelSession(ProjectFile project, ProjectSettings settings, PicturePool pool)
    {
        (this.project, Settings, this.pool) = (project, settings, pool);
        policy = SelectionPolicies.Of(settings.Policy);
        reserve = Reserve.Draw(pool.Selection, pool.Selection.Patients / settings.ReservePeriod, settings.Seed);
        book = new(project.Events, settings);
    }

    public ProjectSettings Settings { get; }

    /// <summary>Reads the answers so far, while no other is taken.</summary>
    public T Read<T>(Func<LabelBook, T> read)
    {
        lock (gate) return read(book);
    }

    /// <summary>The picture a reader is asked next; null where there is none left.</summary>
    /// <param name="reader">The reader's handle.</param>
    /// <param name="finding">Which finding.</param>
    public StudioEvent? Next(string reader, string finding)
    {
        lock (gate)
        {
            if (book.Pending(reader, finding).Count == 0) ChooseBlock(reader, finding);
            return book.Pending(reader, finding) is [var first, ..] ? first : null;
        }
    }

    /// <summary>Chooses ahead, so that the next picture never waits for a fit: called beside the reader's work.</summary>
    public void Prepare(string reader, string finding)
    {
        lock (gate)
            if (book.Pending(reader, finding).Count <= 2) ChooseBlock(reader, finding);
    }

    /// <summary>Keeps an answer.</summary>
    /// <param name="reader">The reader's handle.</param>
    /// <param name="finding">Which finding.</param>
    /// <param name="picture">The picture's hash.</param>
    /// <param name="answer">What the reader says.</param>
    /// <param name="details">Confidence, time in view and window; kind, value and policy are filled in.</param>
    /// <returns>The event, which is on the disk.</returns>
    /// <exception cref="UserErrorException">No such finding or picture, or the picture was not asked.</exception>
    public StudioEvent Answer(string reader, string finding, string picture, Answer answer, StudioEvent? details = null)
    {
        RequireFinding(finding);
        _ = pool.RowOf(picture);
        if (answer.Class >= Settings.Classes)
            throw new UserErrorException($"{answer} is no class of this project. Expected 0 to {Settings.Classes - 1}.");
        lock (gate)
        {
            var pick = book.Pending(reader, finding).FirstOrDefault(p => p.Picture == picture);
            bool isAnswered = book.Of(reader, finding).ContainsKey(picture);
            if (pick is null && !isAnswered) throw new UserErrorException("That picture was not asked of this reader. Go on with the one in view.");
            // What was answered and comes again is a blinded repeat; what is answered anew on one's own account is a revision.
            var kind = !isAnswered ? EventKind.Label : pick is not null ? EventKind.Repeat : EventKind.Revise;
            return Keep((details ?? new StudioEvent(kind)) with
            {
                Kind = kind,
                Reader = reader,
                Finding = finding,
                Picture = picture,
                Value = answer.ToString(),
                Policy = pick?.Policy ?? "",
                Propensity = pick?.Propensity,
                Model = pick?.Model ?? "",
                Visible = kind == EventKind.Revise && book.HasSeen(reader, picture) ? "map or report" : "",
            });
        }
    }

    /// <summary>Puts a picture at the end.</summary>
    public StudioEvent Skip(string reader, string finding, string picture)
    {
        RequireFinding(finding);
        lock (gate)
            return book.Pending(reader, finding).Any(p => p.Picture == picture) ? Keep(new(EventKind.Skip, reader, finding, picture))
                : throw new UserErrorException("That picture does not wait for an answer. Go on with the one in view.");
    }

    /// <summary>Takes the reader's last answer back; null where there is none.</summary>
    public StudioEvent? Undo(string reader)
    {
        lock (gate)
            return book.LastOf(reader) is { } last ? Keep(new(EventKind.Undo, reader, last.Finding, last.Picture) { Of = last.Id }) : null;
    }

    /// <summary>Notes that a reader looked at a map or a report, after the answer alone.</summary>
    /// <exception cref="UserErrorException">The picture has no answer of that reader yet.</exception>
    public StudioEvent Open(string reader, string finding, string picture, EventKind kind)
    {
        lock (gate)
            return book.Of(reader, finding).ContainsKey(picture) && book.Pending(reader, finding).All(p => p.Picture != picture)
                ? Keep(new(kind, reader, finding, picture))
                : throw new UserErrorException("Map and report can be seen once the answer is given.");
    }

    /// <summary>The head of the labels so far; null while there are no features, or one class alone.</summary>
    public LiveHead? Head(string finding)
    {
        lock (gate) return HeadOf(finding);
    }

    /// <summary>What may be said of a finding now.</summary>
    public FindingFigures Figures(string finding)
    {
        RequireFinding(finding);
        lock (gate)
        {
            var labelled = book.Labelled(finding);
            int[] byClass = new int[Settings.Classes], reserveByClass = new int[Settings.Classes];
            foreach (var (_, value) in labelled) byClass[value]++;
            var firsts = book.Labelled(finding, first: true).ToDictionary();
            string[] ofReserve = [.. reserve.Rows.Select(r => pool.Hashes[r]).Where(firsts.ContainsKey)];
            foreach (var picture in ofReserve) reserveByClass[firsts[picture]]++;
            var all = book.Readers.Select(r => book.Of(r, finding)).SelectMany(l => l).GroupBy(l => l.Key).Select(g => g.First().Value.Current)
                .ToArray();
            var (auc, why, calibration) = OnReserve(finding, ofReserve, firsts);
            var (self, whyNot) = SelfAgreement(finding);
            return new(labelled.Count, byClass, all.Count(a => a.IsUncertain), all.Count(a => a.IsNotAssessable), reserveByClass, auc, why)
            {
                Calibration = calibration,
                SelfAgreement = self,
                WhyNoSelfAgreement = whyNot,
            };
        }
    }

    private (Interval? Auc, string? Why, CalibrationFit? Calibration) OnReserve(
        string finding, string[] pictures, Dictionary<string, int> firsts)
    {
        if (pool.Features is null) return (null, "the encoder's features are not there yet", null);
        if (HeadOf(finding) is not { } head) return (null, "all labels are of one class", null);
        if (head is not { Folds: { } folds, HeldOutLogits: { } logits })
            return (null, Settings.Classes == 2 ? "a class has fewer than two patients" : "grades have no single AUC", null);
        var at = head.Rows.Select((row, i) => (Picture: pool.Hashes[row], i)).ToDictionary(p => p.Picture, p => p.i);
        string[] own = [.. pictures.Where(at.ContainsKey)];
        double[] scores = Array.ConvertAll(own, p => logits[at[p]]);
        bool[] labels = Array.ConvertAll(own, p => firsts[p] > 0);
        var (interval, reason) = FoldedAuc.Of(
            scores, labels, Array.ConvertAll(own, p => folds[at[p]]), Array.ConvertAll(own, p => pool.Selection.PatientOf(pool.RowOf(p))));
        return (interval, reason, interval is null ? null : CalibrationFit.Of(scores, labels));
    }

    private (double? Kappa, string? Why) SelfAgreement(string finding)
    {
        int?[] pairs = [.. book.Readers.SelectMany(reader => book.Of(reader, finding).Values)
            .Where(l => l.WasRandomRepeat && l.First.Class is not null && l.Repeats[0].Class is not null)
            .SelectMany(l => (int?[])[l.First.Class, l.Repeats[0].Class])];
        if (pairs.Length / 2 < FewestSelfPairs) return (null, $"{pairs.Length / 2} blinded repeats, fewer than {FewestSelfPairs}");
        return (ReaderAgreement.CohenKappa(new(2, Settings.Classes, pairs)), null);
    }

    private LiveHead? HeadOf(string finding)
    {
        if (pool is not { Features: { } features, Means: { } means }) return null;
        var labelled = book.Labelled(finding);
        if (heads.TryGetValue(finding, out var known) && known.Labels.SequenceEqual(labelled)) return known.Head;
        int[] rows = [.. labelled.Where(l => pool.Has(l.Picture)).Select(l => pool.RowOf(l.Picture))];
        int[] classes = [.. labelled.Where(l => pool.Has(l.Picture)).Select(l => l.Class)];
        var head = LiveHead.Fit(features, means, rows, classes, Settings.Classes, CounterRandom.Hash(Settings.Seed, 20));
        heads[finding] = (labelled, head);
        return head;
    }

    private void ChooseBlock(string reader, string finding)
    {
        RequireFinding(finding);
        var taken = new HashSet<string>(book.Picked(reader, finding));
        var random = new CounterRandom(Settings.Seed, (ulong)taken.Count, StableHash(reader), StableHash(finding));
        int place = random.Below(Settings.ReservePeriod);
        var head = HeadOf(finding);
        var chosen = new Queue<StudioEvent>(SharedOf(reader, finding, taken).Concat(ByPolicy(reader, finding, taken, head, random.Next())));
        var reserved = reserve.Rows.Select(r => pool.Hashes[r]).FirstOrDefault(p => !taken.Contains(p));
        for (int i = 0; i < Settings.ReservePeriod; i++)
        {
            if (i == place && reserved is not null)
                Keep(Pick(reader, finding, reserved, LabelBook.ReservePolicy, null) with { Propensity = reserve.Chance });
            else if (chosen.Count > 0) Keep(chosen.Dequeue());
        }
        foreach (var again in Again(reader, finding, head, random)) Keep(again);
    }

    private IEnumerable<StudioEvent> ByPolicy(string reader, string finding, HashSet<string> taken, LiveHead? head, ulong seed)
    {
        int[] free = [.. Enumerable.Range(0, pool.Count).Where(row => !taken.Contains(pool.Hashes[row]) && !reserve.Holds(pool.Selection, row))];
        var labelled = book.Labelled(finding).Where(l => pool.Has(l.Picture)).ToArray();
        var state = new SelectionState(
            pool.Selection, [.. labelled.Select(l => pool.RowOf(l.Picture))], [.. labelled.Select(l => l.Class)], free,
            Settings.Classes == 2 ? head : null, seed);
        var by = pool.Features is null ? new RandomPolicy() : policy;
        return by.Choose(state, Settings.ReservePeriod - 1).Select(row => Pick(reader, finding, pool.Hashes[row], by.Name, head));
    }

    /// <summary>Pictures that every reader is asked and another one was asked already.</summary>
    private IEnumerable<StudioEvent> SharedOf(string reader, string finding, HashSet<string> taken)
    {
        if (Settings.SharedShare <= 0) return [];
        return [.. book.Readers.Where(r => r != reader).SelectMany(r => book.Picked(r, finding)).Distinct()
            .Where(p => !taken.Contains(p) && CounterRandom.Hash(Settings.Seed, StableHash(p), 21) / (double)ulong.MaxValue < Settings.SharedShare)
            .Order(StringComparer.Ordinal).Take(Settings.ReservePeriod - 1).Select(p => Pick(reader, finding, p, "shared", null))];
    }

    /// <summary>
    /// A second look at the label that most contradicts the head, and with it a random blinded repeat of the reserve: a reader asked only where the
    /// model disagrees would move towards the model.
    /// </summary>
    private IEnumerable<StudioEvent> Again(string reader, string finding, LiveHead? head, CounterRandom random)
    {
        var own = book.Of(reader, finding);
        if (own.Count < Settings.RepeatsFrom) yield break;
        string[] old = [.. own.OrderBy(l => l.Value.Event).Take(own.Count - Settings.RepeatDistance)
            .Where(l => l.Value.Repeats.Count == 0 && l.Value.First.Class is not null).Select(l => l.Key)];
        string[] sample = [.. old.Where(p => own[p].IsReserve)];
        if (sample.Length == 0) yield break;
        var repeated = sample[random.Below(sample.Length)];
        var contradicted = MostContradicted(head, old.Where(p => p != repeated), own);
        // In random order: which is which cannot be told.
        var pair = new List<(string Picture, string Policy)> { (repeated, LabelBook.RandomRepeat) };
        if (contradicted is not null) pair.Insert(random.Below(2), (contradicted, LabelBook.SecondLook));
        foreach (var (picture, why) in pair) yield return Pick(reader, finding, picture, why, head);
    }

    private string? MostContradicted(LiveHead? head, IEnumerable<string> pictures, IReadOnlyDictionary<string, PictureLabels> own)
    {
        if (head is not { HeldOutLogits: { } logits } || head.Rows.Count < FewestForContradiction) return null;
        var at = head.Rows.Select((row, i) => (Picture: pool.Hashes[row], i)).ToDictionary(p => p.Picture, p => p.i);
        // How far the out-of-fold logit lies on the other side.
        return pictures.Where(at.ContainsKey).Select(p => (Picture: p, Against: own[p].Current.Class > 0 ? -logits[at[p]] : logits[at[p]]))
            .Where(p => p.Against > 0).OrderByDescending(p => p.Against).Select(p => p.Picture).FirstOrDefault();
    }

    private static StudioEvent Pick(string reader, string finding, string picture, string policy, LiveHead? head) =>
        new(EventKind.Pick, reader, finding, picture) { Policy = policy, Model = head is null ? "" : head.Sha256 };

    private StudioEvent Keep(StudioEvent one)
    {
        var kept = project.Append(one);
        if (kept.Kind == EventKind.Undo) book = new(project.Events, Settings);
        else book.Add(kept);
        return kept;
    }

    private void RequireFinding(string finding)
    {
        if (!Settings.Findings.Contains(finding))
            throw new UserErrorException(
                $"This project does not ask for '{PrintableText.Of(finding)}'. Expected {string.Join(", ", Settings.Findings)}.");
    }

    private static ulong StableHash(string text) =>
        BitConverter.ToUInt64(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
