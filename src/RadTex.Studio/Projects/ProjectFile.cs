using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using RadTex.Files;

namespace RadTex.Studio.Projects;

/// <summary>
/// A labelling project: one SQLite file of events that are only ever added to, each durable before <see cref="Append"/> returns, and tied to all
/// before it (<see cref="EventChain"/>). Everything else is derived from them and can be made again.
/// </summary>
/// <remarks>
/// Write-ahead log, synchronous FULL: a commit is on the disk. One process at a time, told by SQLite's own exclusive lock. Safe for use by several
/// threads.
/// </remarks>
public sealed class ProjectFile : IDisposable
{
    private const int ApplicationId = 0x52545350, Version = 1; // "RTSP", RadTex studio project
    private const int SqliteBusy = 5, SqliteFull = 13, SqliteCorrupt = 11, SqliteNotADatabase = 26, SqliteInputOutput = 10, SqliteReadOnly = 8,
        SqliteCannotOpen = 14;

    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly byte[] key;
    private readonly TimeProvider clock;
    private readonly List<StudioEvent> events = [];
    private byte[] head = EventChain.Root;

    private ProjectFile(string path, SqliteConnection connection, byte[] key, TimeProvider clock) =>
        (Path, this.connection, this.key, this.clock) = (path, connection, key, clock);

    /// <summary>The file as it was given.</summary>
    public string Path { get; }

    /// <summary>The code of the last event, lower-case hexadecimal: whoever keeps it can tell later whether the end was cut off.</summary>
    public string Head
    {
        get
        {
            lock (gate) return Convert.ToHexStringLower(head);
        }
    }

    /// <summary>All events in order, as they were when this was asked for.</summary>
    public IReadOnlyList<StudioEvent> Events
    {
        get
        {
            lock (gate) return [.. events];
        }
    }

    /// <summary>Makes a project.</summary>
    /// <param name="path">A new file; its key is written beside it.</param>
    /// <param name="settings">Its settings as JSON, the note of the first event.</param>
    /// <param name="clock">What time it is.</param>
    /// <exception cref="UserErrorException">Something is there, or the disk is no local one.</exception>
    public static ProjectFile Create(string path, string settings, TimeProvider? clock = null)
    {
        if (System.IO.Path.Exists(path)) throw new UserErrorException($"{path} is there already. Expected a new name, or a project to go on with.");
        LocalDisk.Require(path, "project", "studio");
        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var key = ChainKey.Create(path, "project");
        try
        {
            var project = new ProjectFile(path, Connect(path, SqliteOpenMode.ReadWriteCreate), key, clock ?? TimeProvider.System);
            try
            {
                project.Execute(EventTable.Schema);
                project.Append(new(EventKind.Created) { Note = settings });
                return project;
            }
            catch
            {
                project.Dispose();
                throw;
            }
        }
        catch (SqliteException e) { throw Explain(path, e); }
    }

    /// <summary>Opens a project and checks every event of it.</summary>
    /// <exception cref="UserErrorException">None is there, another process has it open, its key is missing, or an event or a page of it is
    /// damaged.</exception>
    public static ProjectFile Open(string path, TimeProvider? clock = null)
    {
        if (!File.Exists(path)) throw new UserErrorException($"No project at {path}. Expected a file that the studio made.");
        RegularFile.Require(path);
        LocalDisk.Require(path, "project", "studio");
        var key = ChainKey.Read(path);
        SqliteConnection? connection = null;
        try
        {
            connection = Connect(path, SqliteOpenMode.ReadWrite);
            var project = new ProjectFile(path, connection, key, clock ?? TimeProvider.System);
            project.Load();
            return project;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (e is SqliteException sqlite) throw Explain(path, sqlite);
            throw;
        }
    }

    /// <summary>Adds an event. It is on the disk when this returns; where it throws, it is not in the project.</summary>
    /// <returns>The event with its number and time.</returns>
    /// <exception cref="UserErrorException">The disk is full or gone.</exception>
    public StudioEvent Append(StudioEvent added) => AppendAll([added])[0];

    /// <summary>Adds events, all of them or none: see <see cref="Append"/>.</summary>
    public IReadOnlyList<StudioEvent> AppendAll(IReadOnlyList<StudioEvent> added)
    {
        lock (gate)
        {
            var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
            // A clock that was set back does not turn the order round.
            if (events.Count > 0 && now < events[^1].Time) now = events[^1].Time;
            StudioEvent[] numbered = [.. added.Select((one, i) => one with { Id = events.Count + 1 + i, Time = now })];
            var code = head;
            try
            {
                using var transaction = connection.BeginTransaction();
                foreach (var one in numbered) Insert(transaction, one, code = EventChain.Next(key, code, one));
                transaction.Commit();
            }
            catch (SqliteException e) { throw Explain(Path, e); }
            events.AddRange(numbered);
            head = code;
            return numbered;
        }
    }

    /// <summary>Checks a head that was kept: whether the project still begins with all that it had then.</summary>
    /// <returns>The number of events there were; null where no event has that head, so that some were cut off or it is another project's.</returns>
    public long? EventsAt(string kept)
    {
        lock (gate)
        {
            byte[] code = EventChain.Root;
            foreach (var one in events)
            {
                code = EventChain.Next(key, code, one);
                if (Convert.ToHexStringLower(code).Equals(kept.Trim(), StringComparison.OrdinalIgnoreCase)) return one.Id;
            }
            return null;
        }
    }

    /// <summary>Closes the file, which another studio may then open, and wipes the key from memory.</summary>
    public void Dispose()
    {
        connection.Dispose();
        CryptographicOperations.ZeroMemory(key);
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        // No pool: a closed project is closed. One second: a file that is open in another studio stays so, and whoever asks waits for the answer.
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
                PRAGMA trusted_schema = OFF;
                PRAGMA locking_mode = EXCLUSIVE;
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA cell_size_check = ON;
                """);
            command.ExecuteNonQuery();
            if (mode == SqliteOpenMode.ReadWriteCreate)
            {
                command.CommandText = string
                    .Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};");
                command.ExecuteNonQuery();
            }
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private T Scalar<T>(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)command.ExecuteScalar()!;
    }

    private void Insert(SqliteTransaction transaction, StudioEvent of, byte[] code)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = """
            INSERT INTO events (
                id, time, kind, reader, finding, picture, value, confidence, milliseconds,
                shown_window, visible, policy, propensity, model, about, note, code)
            VALUES (
                $id, $time, $kind, $reader, $finding, $picture, $value, $confidence, $milliseconds,
                $window, $visible, $policy, $propensity, $model, $about, $note, $code)
            """;
        (string Name, object? Value)[] values =
        [
            ("$id", of.Id), ("$time", of.Time.ToUnixTimeMilliseconds()), ("$kind", of.Kind.ToString()), ("$reader", of.Reader),
            ("$finding", of.Finding),
            ("$picture", of.Picture), ("$value", of.Value), ("$confidence", of.Confidence), ("$milliseconds", of.MillisecondsInView),
            ("$window", of.Window), ("$visible", of.Visible), ("$policy", of.Policy), ("$propensity", of.Propensity), ("$model", of.Model),
            ("$about", of.Of), ("$note", of.Note), ("$code", code),
        ];
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        command.ExecuteNonQuery(); // a transaction of its own: durable when it returns
    }

    private void Load()
    {
        if (Scalar<long>("PRAGMA application_id") != ApplicationId)
            throw new UserErrorException($"{Path} is an SQLite file, but no project of the studio.");
        if (Scalar<long>("PRAGMA user_version") is var version && version != Version)
            throw new UserErrorException(
                $"{Path} has form {version}; this program reads {Version}. Open it with the version of RadTex that wrote it.");
        if (Scalar<string>("PRAGMA integrity_check(1)") is var fault && fault != "ok")
            throw new UserErrorException($"{Path} is damaged: {fault.ReplaceLineEndings(" ")}. Go on from a copy; keep this file.");
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT id, time, kind, reader, finding, picture, value, confidence, milliseconds, shown_window, visible, "
                + "policy, propensity, model, about, note, code FROM events ORDER BY id";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            long expected = events.Count + 1, id = reader.GetInt64(0);
            if (id != expected)
                throw new UserErrorException($"{Path} lacks event {expected}: the next one is {id}. Go on from a copy; keep this file.");
            var (read, code) = Read(reader);
            var next = EventChain.Next(key, head, read);
            if (!CryptographicOperations.FixedTimeEquals(next, code))
                throw new UserErrorException(
                    $"{Path}: event {id} is not what was written, or {ChainKey.PathOf(Path)} is another project's key. Go on from "
                        + "a copy; keep this file.");
            events.Add(read);
            head = next;
        }
        if (events.Count == 0)
            throw new UserErrorException($"{Path} holds no event: it was cut off while it was made. Remove it and its key, and begin anew.");
    }

    private (StudioEvent Event, byte[] Code) Read(SqliteDataReader row)
    {
        long id = row.GetInt64(0);
        if (!Enum.TryParse(row.GetString(2), out EventKind kind))
            throw new UserErrorException($"{Path}: event {id} is of the kind '{row.GetString(2)}', which this version does not know.");
        return (new(kind, row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6))
        {
            Id = id,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
            Confidence = row.GetString(7),
            MillisecondsInView = row.IsDBNull(8) ? null : row.GetInt64(8),
            Window = row.GetString(9),
            Visible = row.GetString(10),
            Policy = row.GetString(11),
            Propensity = row.IsDBNull(12) ? null : row.GetDouble(12),
            Model = row.GetString(13),
            Of = row.IsDBNull(14) ? null : row.GetInt64(14),
            Note = row.GetString(15),
        }, row.GetFieldValue<byte[]>(16));
    }

    private static UserErrorException Explain(string path, SqliteException e) => new(e.SqliteErrorCode switch
    {
        SqliteBusy => $"{path} is open in another studio. Close that one, or name another project.",
        SqliteFull => $"The disk of {path} is full: the answer was not kept. Make room and answer again; all earlier answers are safe.",
        SqliteCorrupt => $"{path} is damaged: {e.Message} Go on from a copy; keep this file.",
        SqliteNotADatabase => $"{path} is no project: it is no SQLite file.",
        SqliteReadOnly or SqliteCannotOpen => $"{path} cannot be written: {e.Message} Check the rights of the file and its folder.",
        SqliteInputOutput =>
            $"The disk of {path} fails: {e.Message} The answer was not kept. All earlier answers are as they were when they were said to be saved.",
        _ => $"{path}: {e.Message}",
    }, e);
}
