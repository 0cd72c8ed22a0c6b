using System.Collections.Concurrent;
using System.Data.Common;
using Npgsql;
using RadTex.Files;
using RadTex.Service.Settings;

namespace RadTex.Service.Spool;

/// <summary>
/// The queue in a PostgreSQL database of its own, for several services. A service has a number and holds a lock of that number while its connection
/// lives: what it took of the queue is free again the moment it is no more, by whichever end, and no clock decides it.
/// </summary>
/// <remarks>
/// A service whose connection breaks while it judges may be doing what another does too. An answer is decided once all the same, by whoever is first,
/// and its files and identifiers follow from it.
/// </remarks>
internal sealed class PostgresSpool : SpoolDatabase
{
    // Advisory locks belong to the database: a class of ours, in it the services' common lock, that of making the tables, and the services' numbers.
    private const int LockClass = 0x52545356, FeedClass = LockClass + 1, Services = 0, Making = -1, Version = 1;
    private const string DiskFull = "53100";

    private const string Schema = """
        CREATE TABLE instances (
            id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, identity TEXT NOT NULL UNIQUE, content TEXT NOT NULL, kind TEXT NOT NULL,
            sop_instance TEXT NOT NULL, study TEXT NOT NULL, door TEXT NOT NULL, called_ae TEXT NOT NULL, model TEXT NOT NULL,
            source TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, received BIGINT NOT NULL, finished BIGINT,
            header TEXT NOT NULL, answer TEXT, owner INTEGER);
        CREATE INDEX instances_by_state ON instances (state, id);
        CREATE INDEX instances_by_source ON instances (source);
        CREATE TABLE deliveries (
            id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, instance BIGINT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
            destination TEXT NOT NULL, file TEXT NOT NULL, uid TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
            due BIGINT NOT NULL DEFAULT 0, UNIQUE (instance, destination, uid));
        CREATE INDEX deliveries_by_state ON deliveries (state, due);
        CREATE TABLE own (uid TEXT PRIMARY KEY);
        CREATE TABLE positions (feed TEXT PRIMARY KEY, position BIGINT NOT NULL);
        CREATE TABLE shadow (
            instance BIGINT NOT NULL, label TEXT NOT NULL, model TEXT NOT NULL, other TEXT NOT NULL, probability DOUBLE PRECISION NOT NULL,
            other_probability DOUBLE PRECISION NOT NULL, decision TEXT, other_decision TEXT, PRIMARY KEY (instance, label, other));
        CREATE TABLE audit (
            id BIGINT PRIMARY KEY, time BIGINT NOT NULL, kind TEXT NOT NULL, door TEXT NOT NULL, who TEXT NOT NULL, sop_instance TEXT NOT NULL,
            study TEXT NOT NULL, model TEXT NOT NULL, output TEXT NOT NULL, destination TEXT NOT NULL, note TEXT NOT NULL, code BYTEA NOT NULL);
        CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'the audit is never changed or removed'; END $$;
        CREATE TRIGGER audit_is_kept BEFORE DELETE OR TRUNCATE ON audit EXECUTE FUNCTION audit_stays();
        CREATE TRIGGER audit_is_final BEFORE UPDATE ON audit EXECUTE FUNCTION audit_stays();
        CREATE SEQUENCE services AS INTEGER;
        CREATE TABLE radtex_queue (version INTEGER NOT NULL, chain TEXT NOT NULL);
        """;

    private readonly bool isService;
    private readonly ConcurrentDictionary<string, bool> led = new();
    private int number;

    private PostgresSpool(NpgsqlConnection connection, bool isService)
        : base(connection) => this.isService = isService;

    internal override bool IsShared => true;

    internal override string Own => Sql($"i.owner = {number}");

    protected override string Begin => "BEGIN";

    /// <summary>Joins the services of a queue, whose tables the first one makes.</summary>
    /// <param name="settings">Where it is.</param>
    /// <param name="record">The file beside which the key of the audit's chain lies.</param>
    /// <exception cref="UserErrorException">The server cannot be used, the database holds something else, or it is another spool's queue.</exception>
    internal static PostgresSpool Join(PostgresSettings settings, string record) => Open(settings, isService: true, database =>
    {
        database.Make(record);
        database.Enter();
    });

    /// <summary>Opens the queue beside its services.</summary>
    internal static PostgresSpool Beside(PostgresSettings settings) => Open(settings, isService: false, _ => { });

    /// <summary>Does something where no other service runs on the queue; none begins meanwhile.</summary>
    internal void WhereAlone(Action work)
    {
        LeaveCommon();
        bool isAlone = Number(Sql($"SELECT pg_try_advisory_lock({LockClass}, {Services})::int::bigint")) == 1;
        try
        {
            if (isAlone) work();
        }
        finally
        {
            EnterCommon();
            if (isAlone) Number(Sql($"SELECT pg_advisory_unlock({LockClass}, {Services})::int::bigint"));
        }
    }

    internal override string ClaimSql(string columns) => Sql($"""
        UPDATE instances SET owner = {number} WHERE id IN (
            SELECT id FROM instances i WHERE state = @state AND {Free} ORDER BY id LIMIT @most FOR UPDATE SKIP LOCKED)
        RETURNING {columns}
        """);

    internal override void ClaimDue(long now, int most) => Execute(Sql($"""
        UPDATE instances SET owner = {number} WHERE id IN (
            SELECT i.id FROM instances i WHERE i.owner IS DISTINCT FROM {number} AND {Free}
                AND EXISTS (SELECT 1 FROM deliveries d WHERE d.instance = i.id AND d.state = 'pending' AND d.due <= @now)
            ORDER BY i.id LIMIT @most FOR UPDATE SKIP LOCKED)
        """), ("@now", now), ("@most", most));

    internal override bool TryLead(string feed) => led.ContainsKey(feed)
        || (Number(Sql($"SELECT pg_try_advisory_lock({FeedClass}, hashtext(@feed))::int::bigint"), ("@feed", feed)) == 1 && led.TryAdd(feed, true));

    internal override void Hold(long instance) => Number("SELECT id FROM instances WHERE id = @id FOR UPDATE", ("@id", instance));

    internal override void HoldAudit() => Execute("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE");

    protected override void Greet()
    {
        led.Clear(); // its locks went with the connection before
        Execute("SET synchronous_commit = on; SET lock_timeout = '10s'; SET TIME ZONE 'UTC'");
        if (number != 0) Enter();
    }

    protected override UserErrorException Explain(DbException fault) => new(
        fault.SqlState == DiskFull ? "The disk of the queue's PostgreSQL is full: nothing was taken. Make room; what was accepted is safe."
            : $"The queue in PostgreSQL cannot be used ({fault.SqlState ?? "it cannot be reached"}). What was accepted is as it was.", fault);

    // Nobody's, mine, or of a service that is no more.
    private string Free => Sql($"""
        (i.owner IS NULL OR i.owner = {number} OR NOT EXISTS (
            SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.classid = {LockClass} AND l.objid = i.owner::oid
                AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())))
        """);

    private static string Sql(FormattableString text) => FormattableString.Invariant(text);

    private static PostgresSpool Open(PostgresSettings settings, bool isService, Action<PostgresSpool> prepare)
    {
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = settings.Host,
            Port = settings.Port,
            Database = settings.Database,
            Username = settings.User,
            Password = settings.Password?.Read("postgres.password"),
            SslMode = settings.IsLocal ? SslMode.Prefer : SslMode.VerifyFull,
            RootCertificate = settings.AuthorityFile,
            Pooling = false,
            KeepAlive = 30,
            ApplicationName = "radtex",
        };
        var database = new PostgresSpool(new(text.ToString()), isService);
        try
        {
            database.Connect();
            if (database.Rows("SHOW fsync", row => row.GetString(0)) is not ["on"])
                throw new UserErrorException("The queue's PostgreSQL runs with fsync off: what it says is kept may be lost. Set fsync = on.");
            prepare(database);
            if (database.Number("SELECT version::bigint FROM radtex_queue") is var version && version != Version)
                throw new UserErrorException(
                    $"The queue in PostgreSQL has form {version}; this program reads {Version}. Use the version of RadTex that wrote it.");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void Make(string record) => Write(database =>
    {
        Number(Sql($"SELECT 1::bigint FROM pg_advisory_xact_lock({LockClass}, {Making})"));
        bool hasQueue = database.Number("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'radtex_queue'") > 0;
        if (hasQueue)
        {
            // Two spools on one queue would each look for the other's files.
            if (Rows("SELECT chain FROM radtex_queue", row => row.GetString(0)) is not [var chain] || !File.Exists(ChainKey.PathOf(record))
                || chain != ChainName(record))
                throw new UserErrorException(
                    $"The queue in PostgreSQL belongs to another spool than {Path.GetDirectoryName(record)}. Expected the folder that its services "
                        + "share, with the key of its audit.");
            return;
        }
        if (!File.Exists(ChainKey.PathOf(record))) _ = ChainKey.Create(record, "queue");
        Execute(Schema);
        Execute("INSERT INTO radtex_queue (version, chain) VALUES (@version, @chain)", ("@version", Version), ("@chain", ChainName(record)));
    });

    // Names the key without giving it away.
    private static string ChainName(string record) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(ChainKey.Read(record)));

    private void Enter()
    {
        if (!isService) return;
        if (number == 0) number = checked((int)Number("SELECT nextval('services')"));
        Number(Sql($"SELECT 1::bigint FROM pg_advisory_lock({LockClass}, {number})"));
        EnterCommon();
    }

    private void EnterCommon() => Number(Sql($"SELECT 1::bigint FROM pg_advisory_lock_shared({LockClass}, {Services})"));

    private void LeaveCommon() => Number(Sql($"SELECT pg_advisory_unlock_shared({LockClass}, {Services})::int::bigint"));
}
