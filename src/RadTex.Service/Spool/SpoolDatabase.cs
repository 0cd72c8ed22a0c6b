using Microsoft.Data.Sqlite;
using RadTex.Files;

namespace RadTex.Service.Spool;

/// <summary>
/// The queue's SQLite file. Write-ahead log, synchronous FULL: a commit is on the disk. A second process, such as the one that retries dead letters,
/// may have it open too; every change is a transaction that holds the write lock from its first statement.
/// </summary>
/// <remarks>Safe for use by several threads, one at a time.</remarks>
internal sealed class SpoolDatabase : IDisposable
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

    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly string path;

    private SpoolDatabase(string path, SqliteConnection connection) => (this.path, this.connection) = (path, connection);

    /// <summary>Opens it, or makes it.</summary>
    /// <param name="path">The file; a chain's key lies beside it.</param>
    /// <param name="create">Whether it is made where it is not there.</param>
    /// <exception cref="UserErrorException">It is not there, no queue, or on a network file system.</exception>
    internal static SpoolDatabase Open(string path, bool create)
    {
        LocalDisk.Require(path, "queue", "service");
        bool isNew = !File.Exists(path);
        if (isNew && !create) throw new UserErrorException($"No queue at {path}. Expected the spool of a service that ran.");
        if (!isNew) RegularFile.Require(path);
        // A key without a queue is what a kill between the two leaves: no audit was written under it.
        if (isNew && File.Exists(ChainKey.PathOf(path))) File.Delete(ChainKey.PathOf(path));
        if (isNew) _ = ChainKey.Create(path, "queue");
        SqliteConnection? connection = null;
        try
        {
            connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            connection.Open();
            var database = new SpoolDatabase(path, connection);
            database.Execute("PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                + "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON");
            database.Prepare();
            return database;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (e is SqliteException sqlite) throw Explain(path, sqlite);
            throw;
        }
    }

    /// <summary>A change: all of it is on the disk when this returns, or none of it is made.</summary>
    internal T Write<T>(Func<SpoolDatabase, T> change)
    {
        lock (gate)
        {
            try
            {
                Execute("BEGIN IMMEDIATE");
                try
                {
                    var result = change(this);
                    Execute("COMMIT");
                    return result;
                }
                catch
                {
                    if (connection.State == System.Data.ConnectionState.Open) TryRollBack();
                    throw;
                }
            }
            catch (SqliteException e) { throw Explain(path, e); }
        }
    }

    internal void Write(Action<SpoolDatabase> change) => Write<object?>(database =>
    {
        change(database);
        return null;
    });

    /// <summary>The rows of a query.</summary>
    internal IReadOnlyList<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        lock (gate)
        {
            using var command = Command(sql, values);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read()) rows.Add(read(reader));
            return rows;
        }
    }

    /// <summary>A number that a query gives; 0 for none.</summary>
    internal long Number(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        lock (gate)
        {
            using var command = Command(sql, values);
            return command.ExecuteScalar() is long number ? number : 0;
        }
    }

    /// <summary>A statement inside a <see cref="Write"/>.</summary>
    /// <returns>How many rows it changed.</returns>
    internal int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        lock (gate)
        {
            using var command = Command(sql, values);
            return command.ExecuteNonQuery();
        }
    }

    public void Dispose()
    {
        lock (gate) connection.Dispose();
    }

    private void Prepare()
    {
        if (Number("SELECT count(*) FROM sqlite_schema") == 0)
        {
            Write(database =>
            {
                if (database.Number("SELECT count(*) FROM sqlite_schema") == 0)
                    database.Execute(
                        Schema + FormattableString.Invariant($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};"));
            });
        }
        if (Number("PRAGMA application_id") != ApplicationId) throw new UserErrorException($"{path} is an SQLite file, but no queue of the service.");
        if (Number("PRAGMA user_version") is var version && version != Version)
            throw new UserErrorException($"{path} has form {version}; this program reads {Version}. Use the version of RadTex that wrote it.");
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private void TryRollBack()
    {
        try { Execute("ROLLBACK"); }
        catch (SqliteException) { } // SQLite has rolled back by itself
    }

    private static UserErrorException Explain(string path, SqliteException e) => new(
        e.SqliteErrorCode == SqliteFull ? $"The disk of {path} is full: nothing was taken. Make room; what was accepted is safe."
            : $"The queue {path} cannot be used (SQLite error {e.SqliteErrorCode}). What was accepted is as it was.", e);
}
