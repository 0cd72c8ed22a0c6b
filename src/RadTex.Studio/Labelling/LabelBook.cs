using RadTex.Studio.Projects;

namespace RadTex.Studio.Labelling;

/// <summary>
/// What the events of a project come to: each reader's answers, what waits to be answered, what was agreed. Made anew from the events at any time.
/// </summary>
public sealed class LabelBook
{
    /// <summary>Policies that say why a picture comes again.</summary>
    public const string RandomRepeat = "random repeat", SecondLook = "second look", ReservePolicy = "reserve", ImportPolicy = "import";

    private const int MostCopies = 12;

    private readonly int classes;
    private readonly bool isSoft;
    private readonly Dictionary<(string Reader, string Finding), ReaderBook> books = [];
    private readonly Dictionary<(string Finding, string Picture), Answer> agreed = [];
    private readonly Dictionary<string, Dictionary<string, List<ImportedLabel>>> imported = []; // by finding and picture
    private readonly HashSet<(string Reader, string Picture)> seen = []; // with map or report
    private readonly List<StudioEvent> live = []; // events that nobody took back, for undoing

    /// <summary>Replays a project's events, without those that were undone.</summary>
    /// <param name="events">Of a project, in order.</param>
    /// <param name="settings">The project's.</param>
    public LabelBook(IReadOnlyList<StudioEvent> events, ProjectSettings settings)
    {
        (classes, isSoft) = (settings.Classes, settings.SoftLabels);
        var undone = events.Where(e => e is { Kind: EventKind.Undo, Of: not null }).Select(e => e.Of!.Value).ToHashSet();
        foreach (var one in events)
            if (!undone.Contains(one.Id)) Add(one);
    }

    /// <summary>Readers that were asked anything.</summary>
    public IReadOnlyList<string> Readers => [.. books.Keys.Select(k => k.Reader).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A reader's answers to a finding, by picture, in the order they were given.</summary>
    public IReadOnlyDictionary<string, PictureLabels> Of(string reader, string finding) => Book(reader, finding).Labels;

    /// <summary>The pictures that were chosen for a reader and wait for an answer, in the order they come.</summary>
    public IReadOnlyList<StudioEvent> Pending(string reader, string finding) => Book(reader, finding).Pending;

    /// <summary>How many pictures of the reserve were chosen for a reader and a finding.</summary>
    public int ReservePicks(string reader, string finding) => Book(reader, finding).ReservePicks;

    /// <summary>The pictures that were chosen for a reader so far, answered or not.</summary>
    public IReadOnlyCollection<string> Picked(string reader, string finding) => Book(reader, finding).Picked;

    /// <summary>Whether a reader saw anything of the model, a map or a report of a picture.</summary>
    public bool HasSeen(string reader, string picture) => seen.Contains((reader, picture));

    /// <summary>The labels of a finding that were brought in from files, by picture.</summary>
    internal IReadOnlyDictionary<string, List<ImportedLabel>> Imported(string finding) =>
        imported.GetValueOrDefault(finding) ?? [];

    /// <summary>
    /// The answer that counts for a picture: what was agreed on; else what most readers say; else, for heads alone, what most imported labels say;
    /// null where as many say otherwise, or nobody gave a class.
    /// </summary>
    /// <param name="finding">The finding.</param>
    /// <param name="picture">The picture's hash.</param>
    /// <param name="first">Whether first answers count, as for figures, or current ones, as for heads.</param>
    public Answer? Consensus(string finding, string picture, bool first)
    {
        if (agreed.TryGetValue((finding, picture), out var settled)) return settled;
        var counted = Answers(finding, picture, first).CountBy(a => a).OrderByDescending(c => c.Value).ToArray();
        return counted.Length == 0 || (counted.Length > 1 && counted[0].Value == counted[1].Value) ? null : counted[0].Key;
    }

    /// <summary>The pictures of a finding that readers answered differently and nobody has settled.</summary>
    public IReadOnlyList<string> Disagreements(string finding) =>
    [
        .. books.Where(b => b.Key.Finding == finding).SelectMany(b => b.Value.Labels.Select(l => (Picture: l.Key, l.Value.First)))
            .GroupBy(l => l.Picture).Where(g => g.Select(l => l.First).Distinct().Count() > 1 && !agreed.ContainsKey((finding, g.Key)))
                .Select(g => g.Key),
    ];

    /// <summary>Every picture with an answer to a finding that counts and is a class.</summary>
    public IReadOnlyList<(string Picture, int Class)> Labelled(string finding, bool first = false) =>
    [
        .. Pictures(finding)
            .Select(p => (Picture: p, Answer: Consensus(finding, p, first))).Where(p => p.Answer?.Class is not null)
            .Select(p => (p.Picture, p.Answer!.Value.Class!.Value)),
    ];

    /// <summary>
    /// What heads learn from: <see cref="Labelled"/>; with soft labels every reader's class of a picture that was not settled, each picture with
    /// equal weight, so that a picture two of three readers call positive is two thirds positive.
    /// </summary>
    public IReadOnlyList<(string Picture, int Class)> Targets(string finding)
    {
        if (!isSoft) return Labelled(finding);
        var said = Pictures(finding).Select(p => (Picture: p, Classes: Classes(finding, p))).Where(p => p.Classes.Length > 0).ToArray();
        // A head has no weights of rows: each picture stands there as often as any other, by the least common multiple of the numbers of answers.
        int copies = said.Select(p => p.Classes.Length).Distinct().Aggregate(1, LeastCommonMultiple);
        copies = Math.Min(copies, MostCopies);
        return [.. said.SelectMany(p => p.Classes.SelectMany(
            c => Enumerable.Repeat((p.Picture, c), Math.Max(1, (int)Math.Round((double)copies / p.Classes.Length)))))];
    }

    /// <summary>The mean class of the answers that are classes, settled ones alone where there are; of two classes the share of positive ones. Null
    /// for none.</summary>
    public double? MeanClass(string finding, string picture) => Classes(finding, picture) is { Length: > 0 } said ? said.Average() : null;

    /// <summary>The last thing a reader did that can be taken back.</summary>
    public StudioEvent? LastOf(string reader) => live.LastOrDefault(e => e.Reader == reader
        && (e.Kind is EventKind.Label or EventKind.Repeat or EventKind.Revise or EventKind.Skip));

    /// <summary>The answer of a reader to a pick; null where there is none, or it was taken back.</summary>
    public StudioEvent? AnswerTo(string reader, long pick) => live.LastOrDefault(e => e.Of == pick && e.Reader == reader
        && e.Kind is EventKind.Label or EventKind.Repeat);

    private IEnumerable<string> Pictures(string finding) => Imported(finding).Keys.Concat(
        books.Where(b => b.Key.Finding == finding).SelectMany(b => b.Value.Labels.OrderBy(l => l.Value.Event).Select(l => l.Key))).Distinct();

    // Readers' own; where there are none, for heads alone, imported ones.
    private Answer[] Answers(string finding, string picture, bool first)
    {
        Answer[] own = [.. books.Where(b => b.Key.Finding == finding).Select(b => b.Value.Labels.GetValueOrDefault(picture)).OfType<PictureLabels>()
            .Select(l => first ? l.First : l.Current)];
        return own.Length > 0 || first || !Imported(finding).TryGetValue(picture, out var brought) ? own : [.. brought.Select(l => l.Answer)];
    }

    private int[] Classes(string finding, string picture) => agreed.TryGetValue((finding, picture), out var settled)
        ? settled.Class is { } one ? [one] : []
        : [.. Answers(finding, picture, first: false).Select(a => a.Class).OfType<int>()];

    private static int LeastCommonMultiple(int a, int b) => a / (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b) * b;

    private ReaderBook Book(string reader, string finding)
    {
        if (!books.TryGetValue((reader, finding), out var book)) books[(reader, finding)] = book = new();
        return book;
    }

    /// <summary>Adds an event that takes nothing back.</summary>
    internal void Add(StudioEvent one)
    {
        live.Add(one);
        if (one.Kind == EventKind.Import)
        {
            Bring(one);
            return;
        }
        var book = Book(one.Reader, one.Finding);
        switch (one.Kind)
        {
            case EventKind.Pick:
                book.Add(one);
                break;
            case EventKind.Label:
                book.Answer(one, Answer.Parse(one.Value, classes));
                break;
            case EventKind.Repeat:
                book.AnswerAgain(one, Answer.Parse(one.Value, classes));
                break;
            case EventKind.Revise:
                book.Revise(one, Answer.Parse(one.Value, classes));
                break;
            case EventKind.Skip:
                book.Skip(one);
                break;
            case EventKind.MapOpened or EventKind.ReportOpened:
                seen.Add((one.Reader, one.Picture));
                break;
            case EventKind.Adjudicate:
                agreed[(one.Finding, one.Picture)] = Answer.Parse(one.Value, classes);
                break;
        }
    }

    private void Bring(StudioEvent one)
    {
        if (!imported.TryGetValue(one.Finding, out var pictures)) imported[one.Finding] = pictures = [];
        if (!pictures.TryGetValue(one.Picture, out var labels)) pictures[one.Picture] = labels = [];
        labels.RemoveAll(l => l.Reader == one.Reader); // a later file mends an earlier one
        labels.Add(new(one.Reader, Labelling.Answer.Parse(one.Value, classes), one.Id));
    }

    /// <summary>One reader and one finding.</summary>
    private sealed class ReaderBook
    {
        private readonly Dictionary<string, PictureLabels> labels = [];
        private readonly List<StudioEvent> pending = [];
        private readonly HashSet<string> picked = [];

        internal IReadOnlyDictionary<string, PictureLabels> Labels => labels;

        internal IReadOnlyList<StudioEvent> Pending => pending;

        internal IReadOnlyCollection<string> Picked => picked;

        internal int ReservePicks { get; private set; }

        internal void Add(StudioEvent pick)
        {
            pending.Add(pick);
            picked.Add(pick.Picture);
            if (pick.Policy == ReservePolicy) ReservePicks++;
        }

        internal void Answer(StudioEvent one, Answer answer)
        {
            var pick = Take(one.Picture);
            labels[one.Picture] = new(answer, answer, one.Id)
            {
                IsSure = one.Confidence.Length > 0,
                IsReserve = (pick?.Policy ?? one.Policy) == ReservePolicy,
            };
        }

        internal void AnswerAgain(StudioEvent one, Answer answer)
        {
            var pick = Take(one.Picture);
            if (labels.TryGetValue(one.Picture, out var label))
                labels[one.Picture] = label with
                {
                    Repeats = [.. label.Repeats, answer],
                    WasRandomRepeat = label.WasRandomRepeat || (pick?.Policy ?? one.Policy) == RandomRepeat,
                };
        }

        internal void Revise(StudioEvent one, Answer answer)
        {
            if (labels.TryGetValue(one.Picture, out var label)) labels[one.Picture] = label with { Current = answer };
        }

        internal void Skip(StudioEvent one)
        {
            if (Take(one.Picture) is { } pick) pending.Add(pick);
        }

        private StudioEvent? Take(string picture)
        {
            int at = pending.FindIndex(p => p.Picture == picture);
            if (at < 0) return null;
            var pick = pending[at];
            pending.RemoveAt(at);
            return pick;
        }
    }
}
