using RadTex.Selection;
using RadTex.Studio.Projects;

namespace RadTex.Studio.Labelling;

/// <summary>
/// A project at work: what is asked next, what is answered, what may be said of it. Every answer is durable before it is acknowledged. Safe for use
/// by several threads; what it holds besides the project can be made anew from it.
/// </summary>
/// <remarks>An answer never waits for a fit: heads are fitted and pictures chosen on copies, beside the lock that answers take.</remarks>
public sealed class LabelSession
{
    // The picture in view and three more, which a page fetches ahead.
    private const int Ahead = 4;

    private readonly Lock gate = new(), choosing = new();
    private readonly ProjectFile project;
    private readonly PicturePool pool;
    private readonly SessionHeads heads;
    private readonly Reserve reserve;
    private readonly BlockChooser chooser;
    private readonly HashSet<(string Reader, string Finding)> preparing = [];
    private LabelBook book;

    /// <summary>Goes on where the project's events stop.</summary>
    /// <param name="project">Stays the caller's to dispose.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="pool">Its pictures.</param>
    public LabelSession(ProjectFile project, ProjectSettings settings, PicturePool pool)
    {
        (this.project, Settings, this.pool) = (project, settings, pool);
        reserve = Reserve.Draw(pool.Selection, pool.Selection.Patients / settings.ReservePeriod, settings.Seed);
        heads = new(settings, pool);
        chooser = new(settings, pool, reserve);
        book = new(project.Events, settings);
    }

    /// <summary>What the project was made for; it does not change.</summary>
    public ProjectSettings Settings { get; }

    /// <summary>Reads the answers so far, while no other is taken: for what takes no time.</summary>
    public T Read<T>(Func<LabelBook, T> read)
    {
        lock (gate) return read(book);
    }

    /// <summary>The picture a reader is asked next; null where there is none left.</summary>
    /// <param name="reader">The reader's handle.</param>
    /// <param name="finding">Which finding.</param>
    /// <remarks>Where none is chosen yet, the head of all labels chooses: the same answers lead to the same pictures.</remarks>
    public StudioEvent? Next(string reader, string finding)
    {
        RequireFinding(finding);
        if (Waiting(reader, finding, 1) is [var first, ..]) return first;
        ChooseBlock(reader, finding, 0, heads.Of);
        return Waiting(reader, finding, 1) is [var chosen, ..] ? chosen : null;
    }

    /// <summary>The pictures a reader is asked next, in order. Where none is chosen yet, the last head there is chooses: a reader who is faster than
    /// fits does not wait for one.</summary>
    /// <param name="reader">The reader's handle.</param>
    /// <param name="finding">Which finding.</param>
    /// <param name="most">How many; fewer come where fewer are chosen yet, none where none is left.</param>
    public IReadOnlyList<StudioEvent> Queue(string reader, string finding, int most)
    {
        RequireFinding(finding);
        if (Waiting(reader, finding, most) is { Count: > 0 } waiting) return waiting;
        ChooseBlock(reader, finding, 0, heads.LastOf);
        return Waiting(reader, finding, most);
    }

    /// <summary>Chooses ahead, so that the next picture never waits for a fit: called beside the reader's work. Where that is under way already,
    /// nothing is done.</summary>
    public void Prepare(string reader, string finding)
    {
        RequireFinding(finding);
        lock (gate)
            if (!preparing.Add((reader, finding))) return;
        try { while (ChooseBlock(reader, finding, Ahead, heads.Of)) { } }
        finally
        {
            lock (gate) preparing.Remove((reader, finding));
        }
    }

    /// <summary>Keeps an answer.</summary>
    /// <param name="reader">The reader's handle.</param>
    /// <param name="finding">Which finding.</param>
    /// <param name="picture">The picture's hash.</param>
    /// <param name="answer">What the reader says.</param>
    /// <param name="details">Confidence, time in view, window, a reason, and in <see cref="StudioEvent.Of"/> the pick it answers: given twice, as by
    /// a page that heard nothing, it is kept once. Kind, value and policy are filled in.</param>
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
            var pick = book.Pending(reader, finding).FirstOrDefault(p => p.Picture == picture && (details?.Of ?? p.Id) == p.Id);
            if (pick is null && details?.Of is { } asked) return GivenBefore(reader, asked, answer);
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
                Of = pick?.Id,
                Visible = kind == EventKind.Revise && book.HasSeen(reader, picture) ? "map or report" : "",
            });
        }
    }

    /// <summary>Puts a picture at the end.</summary>
    public StudioEvent Skip(string reader, string finding, string picture)
    {
        RequireFinding(finding);
        lock (gate)
        {
            string[] waiting = [.. (Settings.Together ? Settings.Findings : [finding])
                .Where(f => book.Pending(reader, f).Any(p => p.Picture == picture))];
            return waiting.Length > 0 ? waiting.Select(f => Keep(new(EventKind.Skip, reader, f, picture))).Last()
                : throw new UserErrorException("That picture does not wait for an answer. Go on with the one in view.");
        }
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

    /// <summary>Settles what readers answered differently.</summary>
    /// <param name="reader">Who says so: an adjudicator, or one who writes down what a meeting came to.</param>
    /// <param name="finding">Which finding.</param>
    /// <param name="picture">The picture's hash.</param>
    /// <param name="answer">What counts from now on; the readers' own answers stay.</param>
    /// <param name="how">"adjudicator" or "consensus meeting".</param>
    /// <exception cref="UserErrorException">Nobody disagrees there.</exception>
    public StudioEvent Settle(string reader, string finding, string picture, Answer answer, string how)
    {
        RequireFinding(finding);
        lock (gate)
            return book.Disagreements(finding).Contains(picture)
                ? Keep(new(EventKind.Adjudicate, reader, finding, picture, answer.ToString()) { Note = how })
                : throw new UserErrorException("Readers do not disagree on that picture, or it was settled meanwhile. Go on with the next one.");
    }

    /// <summary>Brings labels in from a file, all of them or none; those that were brought before are left.</summary>
    /// <param name="labels">Whose, of what.</param>
    /// <param name="note">The file, by its hash.</param>
    /// <returns>How many are new.</returns>
    internal int Import(IReadOnlyList<(string Reader, string Finding, string Picture, Answer Answer)> labels, string note)
    {
        lock (gate)
        {
            bool IsKnown((string Reader, string Finding, string Picture, Answer Answer) of) =>
                book.Imported(of.Finding).GetValueOrDefault(of.Picture)?.Any(l => l.Reader == of.Reader && l.Answer == of.Answer) == true;
            StudioEvent[] added = [.. labels.Where(l => !IsKnown(l))
                .Select(l => new StudioEvent(EventKind.Import, l.Reader, l.Finding, l.Picture, l.Answer.ToString())
                {
                    Policy = LabelBook.ImportPolicy,
                    Note = note,
                })];
            foreach (var kept in project.AppendAll(added)) book.Add(kept);
            return added.Length;
        }
    }

    /// <summary>Notes that something left the project, and what.</summary>
    public StudioEvent NoteExport(string reader, string what)
    {
        lock (gate) return Keep(new(EventKind.Export, reader) { Note = what });
    }

    /// <summary>The head of the labels so far; null while there are no features, or one class alone.</summary>
    public LiveHead? Head(string finding)
    {
        RequireFinding(finding);
        return heads.Of(finding, Read(b => b.Targets(finding)));
    }

    /// <summary>What may be said of a finding now.</summary>
    public FindingFigures Figures(string finding)
    {
        RequireFinding(finding);
        var labels = Read(b => FindingLabels.Of(b, finding));
        return SessionFigures.Of(labels, Settings, pool, reserve, heads.Of(finding, labels.Targets));
    }

    /// <summary>The reserve's out-of-fold logits with their first answers; null where the head has none.</summary>
    internal ReserveScores? Scores(string finding)
    {
        RequireFinding(finding);
        var labels = Read(b => FindingLabels.Of(b, finding));
        return ReserveScores.Of(ReserveScores.PicturesOf(labels, pool, reserve), labels.First, pool, reserve, heads.Of(finding, labels.Targets));
    }

    /// <summary>How the AUC on the reserve grows with labels, and what it is likely to come to.</summary>
    /// <param name="finding">Which finding.</param>
    /// <param name="cancellation">Stops between fits.</param>
    public ReserveCurve Curve(string finding, CancellationToken cancellation = default)
    {
        RequireFinding(finding);
        return ReserveCurve.Of(Read(b => FindingLabels.Of(b, finding)), Settings, pool, reserve, cancellation);
    }

    private IReadOnlyList<StudioEvent> Waiting(string reader, string finding, int most)
    {
        lock (gate) return Settings.Together ? Together(reader, most) : [.. book.Pending(reader, finding).Take(most)];
    }

    /// <summary>Chooses a block where no more than some wait; tells whether one was chosen.</summary>
    private bool ChooseBlock(string reader, string finding, int most, Func<string, IReadOnlyList<(string Picture, int Class)>, LiveHead?> headOf)
    {
        // Where a picture stays for all findings, the first one's labels choose it for each.
        if (Settings.Together) finding = Settings.Findings[0];
        IReadOnlyList<(string Picture, int Class)> labels;
        lock (gate)
        {
            if (book.Pending(reader, finding).Count > most) return false;
            labels = book.Targets(finding);
        }
        // Beside the lock of those who choose: a reader who has no picture takes what the last head chooses meanwhile.
        var head = headOf(finding, labels);
        lock (choosing)
        {
            PickingState state;
            lock (gate)
            {
                if (book.Pending(reader, finding).Count > most) return false;
                state = PickingState.Of(book, reader, finding);
            }
            var block = chooser.Choose(state, head);
            IReadOnlyList<string> findings = Settings.Together ? Settings.Findings : [finding];
            // One commit for the block: an answer that comes meanwhile waits for one write to the disk, not for one a pick.
            lock (gate)
                foreach (var kept in project.AppendAll([.. block.SelectMany(pick => findings.Select(of => pick with { Finding = of }))]))
                    book.Add(kept);
            return block.Count > 0;
        }
    }

    /// <summary>Each waiting picture's findings, one after the other, a picture that was begun first.</summary>
    private IReadOnlyList<StudioEvent> Together(string reader, int most)
    {
        var order = book.Pending(reader, Settings.Findings[0]).Select((p, i) => (p.Picture, i)).ToLookup(p => p.Picture, p => p.i);
        return [.. Settings.Findings.SelectMany((f, place) => book.Pending(reader, f).Select(p => (Pick: p, Place: place)))
            .OrderBy(p => order[p.Pick.Picture].Select(i => (int?)i).FirstOrDefault() ?? -1).ThenBy(p => p.Place).Select(p => p.Pick).Take(most)];
    }

    private StudioEvent GivenBefore(string reader, long asked, Answer answer) =>
        book.AnswerTo(reader, asked) is { } given && given.Value == answer.ToString() ? given
            : throw new UserErrorException(
                "That picture does not wait for this answer: it was answered or taken back in another window. Go on with the one that comes next.");

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
}
