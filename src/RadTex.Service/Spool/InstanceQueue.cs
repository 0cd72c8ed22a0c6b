using System.Data.Common;

namespace RadTex.Service.Spool;

/// <summary>
/// The queue: what was received, in which state, and what is still to be sent. Every change is durable when its method returns, and the audit's line
/// of it with it.
/// </summary>
internal sealed class InstanceQueue(SpoolDatabase database, AuditLog audit, TimeProvider clock)
{
    private const string Columns =
        "id, identity, content, kind, sop_instance, source, study, door, called_ae, model, state, attempts, answer, received, header";
    private const string Pending = "pending", Done = "done", DeadLetter = "dead";

    internal SpoolDatabase Database => database;

    /// <summary>Whether other services may work on it too: what this one is not told of has to be asked for.</summary>
    internal bool IsShared => database.IsShared;

    /// <summary>Whether this service is the one of those on this queue that follows a feed.</summary>
    internal bool Leads(string feed) => database.TryLead(feed);

    /// <summary>Adds an instance, or finds the one of its identity that is there.</summary>
    /// <param name="added">Without number and state.</param>
    /// <param name="line">The audit's line where it is new.</param>
    /// <param name="keep">
    /// Puts its file where the row says. Within the transaction: while that lasts, no other service takes this one for gone and sweeps the file.
    /// </param>
    internal (QueuedInstance Instance, bool IsNew) Add(QueuedInstance added, AuditEntry line, Action? keep = null) => database.Write(_ =>
    {
        keep?.Invoke();
        int isNew = database.Execute(
            "INSERT INTO instances (identity, content, kind, sop_instance, source, study, door, called_ae, model, state, received, header) "
            + "VALUES (@identity, @content, @kind, @sop, @source, @study, @door, @called, @model, @state, @received, @header) "
            + "ON CONFLICT (identity) DO NOTHING",
            ("@identity", added.Identity), ("@content", added.Content), ("@kind", added.Kind.ToString()), ("@sop", added.SopInstance),
            ("@source", added.Source), ("@study", added.Study), ("@door", added.Door), ("@called", added.CalledAe), ("@model", added.Model),
            ("@state", nameof(InstanceState.Received)), ("@received", Now()), ("@header", added.Header));
        if (isNew == 1) audit.AppendWithin(line);
        return (Find(added.Identity)!, isNew == 1);
    });

    internal QueuedInstance? Find(string identity) =>
        database.Rows($"SELECT {Columns} FROM instances WHERE identity = @identity", Instance, ("@identity", identity)) is [var one] ? one : null;

    internal QueuedInstance? Find(long id) =>
        database.Rows($"SELECT {Columns} FROM instances WHERE id = @id", Instance, ("@id", id)) is [var one] ? one : null;

    /// <summary>The next instances of a state after one of them, in the order they came.</summary>
    internal IReadOnlyList<QueuedInstance> Next(InstanceState state, long after, int most) => database.Rows(
        $"SELECT {Columns} FROM instances WHERE state = @state AND id > @after ORDER BY id LIMIT @most", Instance, ("@state", state.ToString()),
        ("@after", after), ("@most", most));

    /// <summary>
    /// The next instances of a state for this service to work on, in the order they came. No other service gets them while this one lives.
    /// </summary>
    internal IReadOnlyList<QueuedInstance> Claim(InstanceState state, int most) =>
    [
        .. database.Rows(database.ClaimSql(Columns), Instance, ("@state", state.ToString()), ("@most", most)).OrderBy(i => i.Id),
    ];

    /// <summary>Notes that their judging begins: what ends the process each time is not begun for ever.</summary>
    internal void Begin(IReadOnlyList<QueuedInstance> instances) => database.Write(_ =>
    {
        foreach (var one in instances) database.Execute("UPDATE instances SET attempts = attempts + 1 WHERE id = @id", ("@id", one.Id));
    });

    /// <summary>Keeps answers. One that has an answer keeps it: an answer is decided once.</summary>
    internal void Judge(IReadOnlyList<(QueuedInstance Of, string Answer, AuditEntry Line)> answers) => database.Write(_ =>
    {
        var kept = new List<AuditEntry>();
        foreach (var (of, answer, line) in answers)
        {
            int changed = database.Execute("UPDATE instances SET state = @judged, answer = @answer WHERE id = @id AND state = @received",
                ("@judged", nameof(InstanceState.Judged)), ("@answer", answer), ("@id", of.Id), ("@received", nameof(InstanceState.Received)));
            if (changed == 1) kept.Add(line);
        }
        foreach (var line in kept) audit.AppendWithin(line);
    });

    /// <summary>Keeps what is to be sent; the files are on the disk. An instance of which nothing is to be sent is done.</summary>
    internal void Store(QueuedInstance of, IReadOnlyList<(string File, string Uid)> files, IReadOnlyList<string> destinations, AuditEntry? line) =>
        database.Write(_ =>
        {
            foreach (var (file, uid) in files)
            {
                database.Execute("INSERT INTO own (uid) VALUES (@uid) ON CONFLICT DO NOTHING", ("@uid", uid));
                foreach (var destination in destinations)
                    database.Execute(
                        "INSERT INTO deliveries (instance, destination, file, uid, state) VALUES (@id, @to, @file, @uid, @state) ON "
                            + "CONFLICT DO NOTHING",
                        ("@id", of.Id), ("@to", destination), ("@file", file), ("@uid", uid), ("@state", Pending));
            }
            SetState(of.Id, InstanceState.Stored);
            CloseWithin(of.Id);
            if (line is not null) audit.AppendWithin(line);
        });

    /// <summary>Gives an instance up: its judging failed too often.</summary>
    internal void Bury(QueuedInstance of, AuditEntry line) => database.Write(_ =>
    {
        SetState(of.Id, InstanceState.Dead);
        audit.AppendWithin(line);
    });

    /// <summary>The deliveries whose time has come.</summary>
    internal IReadOnlyList<Delivery> Due(int most)
    {
        database.ClaimDue(Now(), most);
        return DueHere(most);
    }

    private IReadOnlyList<Delivery> DueHere(int most) => database.Rows(
        "SELECT d.id, d.instance, d.destination, d.file, d.uid, d.attempts, i.received FROM deliveries d JOIN instances i ON i.id = d.instance "
            + $"WHERE d.state = @state AND d.due <= @now{Here} ORDER BY d.due, d.id LIMIT @most",
        row => new Delivery(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt32(5))
        {
            Received = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
        }, ("@state", Pending), ("@now", Now()), ("@most", most));

    /// <summary>When the next delivery is due; null where none waits.</summary>
    internal DateTimeOffset? NextDue() => database.Rows(
        $"SELECT min(d.due) FROM deliveries d JOIN instances i ON i.id = d.instance WHERE d.state = @state{Here}",
        row => row.IsDBNull(0) ? (DateTimeOffset?)null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), ("@state", Pending))[0];

    /// <summary>A delivery has arrived.</summary>
    internal void Arrived(Delivery of, AuditEntry line) => database.Write(_ =>
    {
        database.Execute("UPDATE deliveries SET state = @done WHERE id = @id", ("@done", Done), ("@id", of.Id));
        CloseWithin(of.Instance);
        audit.AppendWithin(line);
    });

    /// <summary>A delivery failed: it is tried again at a time, or never.</summary>
    internal void Failed(Delivery of, DateTimeOffset? again, AuditEntry? line) => database.Write(_ =>
    {
        database.Execute("UPDATE deliveries SET attempts = attempts + 1, state = @state, due = @due WHERE id = @id",
            ("@state", again is null ? DeadLetter : Pending), ("@due", again?.ToUnixTimeMilliseconds() ?? 0), ("@id", of.Id));
        CloseWithin(of.Instance);
        if (line is not null) audit.AppendWithin(line);
    });

    /// <summary>Dead letters are alive again: judged again where that failed, sent again where that did.</summary>
    /// <returns>How many.</returns>
    internal int Revive() => database.Write(_ =>
    {
        database.Execute(
            "UPDATE deliveries SET state = @pending, attempts = 0, due = 0 WHERE state = @dead", ("@pending", Pending), ("@dead", DeadLetter));
        int judged = database.Execute("UPDATE instances SET state = @stored WHERE state = @dead AND answer IS NOT NULL",
            ("@stored", nameof(InstanceState.Stored)), ("@dead", nameof(InstanceState.Dead)));
        int received = database.Execute("UPDATE instances SET state = @received, attempts = 0 WHERE state = @dead",
            ("@received", nameof(InstanceState.Received)), ("@dead", nameof(InstanceState.Dead)));
        if (judged + received > 0)
            audit.AppendWithin(new(AuditKind.Retried) { Note = FormattableString.Invariant($"{judged + received} instances") });
        return judged + received;
    });

    /// <summary>Whether RadTex made an instance itself.</summary>
    internal bool IsOwn(string uid) => database.Number("SELECT count(*) FROM own WHERE uid = @uid", ("@uid", uid)) > 0;

    internal long Count(InstanceState state) =>
        database.Number("SELECT count(*) FROM instances WHERE state = @state", ("@state", state.ToString()));

    /// <summary>When the oldest instance that is not done was received; null where all are.</summary>
    internal DateTimeOffset? Oldest() => database.Rows("SELECT min(received) FROM instances WHERE state IN ('Received', 'Judged', 'Stored')",
        row => row.IsDBNull(0) ? (DateTimeOffset?)null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)))[0];

    internal bool HasSource(string name) =>
        database.Number(
            "SELECT count(*) FROM instances WHERE source = @source AND state != @sent", ("@source", name), ("@sent", nameof(InstanceState.Sent))) > 0;

    internal long Position(string feed) => database.Number("SELECT position FROM positions WHERE feed = @feed", ("@feed", feed));

    internal void SetPosition(string feed, long position, AuditEntry? line = null) => database.Write(_ =>
    {
        database.Execute("INSERT INTO positions (feed, position) VALUES (@feed, @position) ON CONFLICT (feed) DO UPDATE SET position = @position",
            ("@feed", feed), ("@position", position));
        if (line is not null) audit.AppendWithin(line);
    });

    /// <summary>Forgets instances that were sent before a time.</summary>
    /// <returns>Their numbers.</returns>
    internal IReadOnlyList<long> Forget(DateTimeOffset before, int most) => database.Write(_ =>
    {
        var gone = database.Rows(
            "SELECT id FROM instances WHERE state = @sent AND finished < @before ORDER BY id LIMIT @most", row => row.GetInt64(0),
            ("@sent", nameof(InstanceState.Sent)), ("@before", before.ToUnixTimeMilliseconds()), ("@most", most));
        foreach (long id in gone) database.Execute("DELETE FROM instances WHERE id = @id", ("@id", id));
        return gone;
    });

    // An instance whose deliveries have all arrived is sent; where none waits and one is dead, it is dead.
    private void CloseWithin(long id)
    {
        database.Hold(id); // two of its deliveries may arrive at once
        if (database.Number("SELECT count(*) FROM deliveries WHERE instance = @id AND state = @pending", ("@id", id), ("@pending", Pending)) > 0)
            return;
        bool isDead = database.Number(
            "SELECT count(*) FROM deliveries WHERE instance = @id AND state = @dead", ("@id", id), ("@dead", DeadLetter)) > 0;
        SetState(id, isDead ? InstanceState.Dead : InstanceState.Sent);
    }

    // What is sent needs its patient's words no more.
    private void SetState(long id, InstanceState state) => database.Execute(
        "UPDATE instances SET state = @state, finished = @now, header = CASE WHEN @state = @sent THEN '' ELSE header END WHERE id = @id",
        ("@state", state.ToString()), ("@now", Now()), ("@sent", nameof(InstanceState.Sent)), ("@id", id));

    private string Here => database.Own is { } own ? $" AND {own}" : "";

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static QueuedInstance Instance(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), Enum.Parse<InstanceKind>(row.GetString(3)), row.GetString(4), row.GetString(5))
    {
        Study = row.GetString(6),
        Door = row.GetString(7),
        CalledAe = row.GetString(8),
        Model = row.GetString(9),
        State = Enum.Parse<InstanceState>(row.GetString(10)),
        Attempts = row.GetInt32(11),
        Answer = row.IsDBNull(12) ? null : row.GetString(12),
        Received = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(13)),
        Header = row.GetString(14),
    };
}
