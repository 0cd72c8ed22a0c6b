using System.Data.Common;
using Microsoft.Data.Sqlite;
using RadTex.Files;

namespace RadTex.Service.Spool;

/// <summary>
/// The queue in an SQLite file of one service. Write-ahead log, synchronous FULL: a commit is on the disk. A second process, such as the one that
/// retries dead letters, may have it open too; every change is a transaction that holds the write lock from its first statement.
/// </summary>
internal sealed class SqliteSpool : SpoolDatabase
{
    private const int ApplicationId = 0x52545356, Version = 1; // "RTSV", RadTex service
    private const int SqliteFull = 13;

    private const string Schema = """
        CREATE TABLE instances (
            id INTEGER PRIMARY KEY AUTOINCREMENT, identity TEXT NOT NULL UNIQUE, content TEXT NOT NULL, kind TEXT NOT NULL,
            sop_instance TEXT NOT NULL, study TEXT NOT NULL, door TEXT NOT NULL, called_ae TEXT NOT NULL, model TEXT NOT NULL,
            source TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, received INTEGER NOT NULL, finished INTEGER,
            header TEXT NOT NULL, answer TEXT) STRICT;
        CREATE INDEX instances_by_state ON instances (state, id);
        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY, instance INTEGER NOT NULL REFERENCES instances (id) ON DELETE CASCADE, destination TEXT NOT NULL,
            file TEXT NOT NULL, uid TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL DEFAULT 0,
            UNIQUE (instance, destination, uid)) STRICT;
        CREATE INDEX deliveries_by_state ON deliveries (state, due);
        CREATE INDEX deliveries_by_instance ON deliveries (instance);
        CREATE TABLE own (uid TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TABLE positions (feed TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
        CREATE TABLE shadow (
            instance INTEGER NOT NULL, label TEXT NOT NULL, model TEXT NOT NULL, other TEXT NOT NULL, probability REAL NOT NULL,
            other_probability REAL NOT NULL, decision TEXT, other_decision TEXT, PRIMARY KEY (instance, label, other)) STRICT;
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL, door TEXT NOT NULL, who TEXT NOT NULL, sop_instance TEXT NOT NULL,
            study TEXT NOT NULL, model TEXT NOT NULL, output TEXT NOT NULL, destination TEXT NOT NULL, note TEXT NOT NULL, code BLOB NOT NULL) STRICT;
        CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is never removed'); END;
        CREATE TRIGGER audit_is_final BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END;
        """;

    private readonly string path;

    private SqliteSpool(string path, SqliteConnection connection)
        : base(connection) => this.path = path;

    internal override bool IsShared => false;

    protected override string Begin => "BEGIN IMMEDIATE";

    /// <summary>Opens it, or makes it.</summary>
    /// <param name="path">The file; a chain's key lies beside it.</param>
    /// <param name="create">Whether it is made where it is not there.</param>
    /// <exception cref="UserErrorException">It is not there, no queue, or on a network file system.</exception>
    internal static SqliteSpool Open(string path, bool create)
    {
        LocalDisk.Require(path, "queue", "service");
        bool isNew = !File.Exists(path);
        if (isNew && !create) throw new UserErrorException($"No queue at {path}. Expected the spool of a service that ran.");
        if (!isNew) RegularFile.Require(path);
        // A key without a queue is what a kill between the two leaves: no audit was written under it.
        if (isNew && File.Exists(ChainKey.PathOf(path))) File.Delete(ChainKey.PathOf(path));
        if (isNew) _ = ChainKey.Create(path, "queue");
        var database = new SqliteSpool(path, new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()));
        try
        {
            database.Connect();
            database.Prepare();
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    // What waits is this service's: no other has the file.
    internal override string ClaimSql(string columns) =>
        $"SELECT {columns} FROM instances WHERE state = @state ORDER BY id LIMIT @most";

    internal override void ClaimDue(long now, int most) { }

    internal override bool TryLead(string feed) => true;

    protected override void Greet() => Execute(
        "PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
            + "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON");

    protected override UserErrorException Explain(DbException fault)
    {
        int code = fault is SqliteException sqlite ? sqlite.SqliteErrorCode : 0;
        return new(code == SqliteFull ? $"The disk of {path} is full: nothing was taken. Make room; what was accepted is safe."
            : $"The queue {path} cannot be used (SQLite error {code}). What was accepted is as it was.", fault);
    }

    private void Prepare()
    {
        const string objects = "SELECT count(*) FROM sqlite_schema";
        if (Number(objects) == 0)
        {
            Write(database =>
            {
                if (database.Number(objects) == 0)
                    database.Execute(
                        Schema + FormattableString.Invariant($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};"));
            });
        }
        if (Number("PRAGMA application_id") != ApplicationId) throw new UserErrorException($"{path} is an SQLite file, but no queue of the service.");
        if (Number("PRAGMA user_version") is var version && version != Version)
            throw new UserErrorException($"{path} has form {version}; this program reads {Version}. Use the version of RadTex that wrote it.");
    }
}
