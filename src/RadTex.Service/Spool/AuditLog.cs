using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using RadTex.Files;

namespace RadTex.Service.Spool;

/// <summary>
/// The audit: rows that are only added to, each tied to all before it (<see cref="FieldChain"/>), written in the same transaction as what they tell.
/// </summary>
internal sealed class AuditLog(SpoolDatabase database, byte[] key, TimeProvider clock)
{
    private const string Columns = "id, time, kind, door, who, sop_instance, study, model, output, destination, note, code";

    /// <summary>Adds a line on its own.</summary>
    internal void Append(AuditEntry entry) => database.Write(_ => AppendWithin(entry));

    /// <summary>Adds a line inside a transaction. The last line is asked each time: another process may have added one.</summary>
    internal void AppendWithin(AuditEntry entry)
    {
        database.HoldAudit();
        var last = database.Rows("SELECT id, time, code FROM audit ORDER BY id DESC LIMIT 1",
            row => (Id: row.GetInt64(0), Time: row.GetInt64(1), Code: row.GetFieldValue<byte[]>(2)));
        var (id, time, before) = last is [var only] ? only : (0, 0, FieldChain.Root);
        long now = Math.Max(time, clock.GetUtcNow().ToUnixTimeMilliseconds()); // a clock that was set back does not turn the order round
        var numbered = entry with { Id = id + 1, Time = DateTimeOffset.FromUnixTimeMilliseconds(now) };
        database.Execute($"INSERT INTO audit ({Columns}) VALUES (@id, @time, @kind, @door, @who, @sop, @study, @model, @output, @destination, @note, "
            + "@code)", ("@id", numbered.Id), ("@time", now), ("@kind", numbered.Kind.ToString()), ("@door", numbered.Door), ("@who", numbered.Who),
            ("@sop", numbered.SopInstance), ("@study", numbered.Study), ("@model", numbered.Model), ("@output", numbered.Output),
            ("@destination", numbered.Destination), ("@note", numbered.Note), ("@code", Code(before, numbered)));
    }

    /// <summary>Checks every line.</summary>
    /// <param name="head">A code that was kept earlier; null for none.</param>
    /// <returns>How many lines there are, the last one's code, and the line that has <paramref name="head"/>; null where none has.</returns>
    /// <exception cref="UserErrorException">A line is not what was written.</exception>
    internal (long Lines, string Head, long? Kept) Verify(string? head)
    {
        var code = FieldChain.Root;
        long lines = 0;
        long? kept = null;
        foreach (var (entry, stored) in Read())
        {
            if (entry.Id != lines + 1)
                throw new UserErrorException(
                    $"The audit lacks line {lines + 1}: the next one is {entry.Id}. Keep this spool; ask who had access to it.");
            code = Code(code, entry);
            if (!CryptographicOperations.FixedTimeEquals(code, stored))
                throw new UserErrorException(
                    $"Line {entry.Id} of the audit is not what was written, or the key beside the queue is another one's. Keep this spool; ask who "
                        + "had access to it.");
            lines++;
            if (head is not null && Convert.ToHexStringLower(code).Equals(head.Trim(), StringComparison.OrdinalIgnoreCase)) kept = lines;
        }
        return (lines, Convert.ToHexStringLower(code), kept);
    }

    /// <summary>All lines in order.</summary>
    internal IEnumerable<(AuditEntry Entry, byte[] Code)> Read()
    {
        const int page = 1000;
        for (long after = 0; ;)
        {
            var rows = database.Rows($"SELECT {Columns} FROM audit WHERE id > @after ORDER BY id LIMIT {page}", Entry, ("@after", after));
            foreach (var row in rows) yield return row;
            if (rows.Count == 0) yield break;
            after = rows[^1].Entry.Id;
        }
    }

    private byte[] Code(byte[] before, AuditEntry of) => FieldChain.Next(
        key, before, of.Id.ToString(CultureInfo.InvariantCulture), of.Time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        of.Kind.ToString(), of.Door, of.Who, of.SopInstance, of.Study, of.Model, of.Output, of.Destination, of.Note);

    private static (AuditEntry Entry, byte[] Code) Entry(DbDataReader row) => (
        new(Enum.TryParse(row.GetString(2), out AuditKind kind) ? kind
            : throw new UserErrorException($"Line {row.GetInt64(0)} of the audit is of a kind that this version does not know."))
        {
            Id = row.GetInt64(0),
            Time = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
            Door = row.GetString(3),
            Who = row.GetString(4),
            SopInstance = row.GetString(5),
            Study = row.GetString(6),
            Model = row.GetString(7),
            Output = row.GetString(8),
            Destination = row.GetString(9),
            Note = row.GetString(10),
        }, row.GetFieldValue<byte[]>(11));
}
