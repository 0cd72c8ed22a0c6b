using System.Data;
using System.Data.Common;

namespace RadTex.Service.Spool;

/// <summary>The tables of the queue and the audit, in SQLite for one service or in PostgreSQL for several. Parameters are written @name.</summary>
/// <remarks>One connection, safe for use by several threads, one at a time. One that broke is opened anew at the next use.</remarks>
internal abstract class SpoolDatabase(DbConnection connection) : IDisposable
{
    private readonly Lock gate = new();

    /// <summary>Whether other services may work on the same queue.</summary>
    internal abstract bool IsShared { get; }

    /// <summary>Begins a transaction.</summary>
    protected abstract string Begin { get; }

    /// <summary>Takes for this service up to @most instances of a state that no other living service has, oldest first, and reads them.</summary>
    internal abstract string ClaimSql(string columns);

    /// <summary>A condition on instances that only those fulfil which this service has; null where it has all.</summary>
    internal virtual string? Own => null;

    /// <summary>Takes for this service the instances of deliveries that are due and that no other living service has.</summary>
    internal abstract void ClaimDue(long now, int most);

    /// <summary>Whether this service is the one that follows a feed; it stays so until it ends.</summary>
    internal abstract bool TryLead(string feed);

    /// <summary>Keeps other services off an instance until the transaction ends.</summary>
    internal virtual void Hold(long instance) { }

    /// <summary>Keeps other services from adding to the audit until the transaction ends.</summary>
    internal virtual void HoldAudit() { }

    /// <summary>A change: all of it is on the disk when this returns, or none of it is made.</summary>
    /// <exception cref="UserErrorException">The database cannot be used.</exception>
    internal T Write<T>(Func<SpoolDatabase, T> change)
    {
        lock (gate)
        {
            try
            {
                BeginTransaction();
                try
                {
                    var result = change(this);
                    Execute("COMMIT");
                    return result;
                }
                catch
                {
                    if (connection.State == ConnectionState.Open) TryRollBack();
                    throw;
                }
            }
            catch (DbException e) { throw Explain(e); }
        }
    }

    internal void Write(Action<SpoolDatabase> change) => Write<object?>(database =>
    {
        change(database);
        return null;
    });

    /// <summary>The rows of a query.</summary>
    internal IReadOnlyList<T> Rows<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        lock (gate)
        {
            try
            {
                using var command = Command(sql, values);
                using var reader = command.ExecuteReader();
                var rows = new List<T>();
                while (reader.Read()) rows.Add(read(reader));
                return rows;
            }
            catch (DbException e) { throw Explain(e); }
        }
    }

    /// <summary>A number that a query gives; 0 for none.</summary>
    internal long Number(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        lock (gate)
        {
            try
            {
                using var command = Command(sql, values);
                return command.ExecuteScalar() is long number ? number : 0;
            }
            catch (DbException e) { throw Explain(e); }
        }
    }

    /// <summary>A statement inside a <see cref="Write{T}"/>.</summary>
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

    /// <summary>Opens the connection.</summary>
    /// <exception cref="UserErrorException">It cannot be opened.</exception>
    protected void Connect()
    {
        try
        {
            connection.Close(); // one that broke
            connection.Open();
            Greet();
        }
        catch (DbException e) { throw Explain(e); }
    }

    /// <summary>What each new connection is told.</summary>
    protected abstract void Greet();

    /// <summary>A fault in our own words.</summary>
    protected abstract UserErrorException Explain(DbException fault);

    // A server that was restarted since is connected to anew.
    private void BeginTransaction()
    {
        try { Execute(Begin); }
        catch (DbException) when (connection.State != ConnectionState.Open) { Execute(Begin); }
    }

    private DbCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (connection.State != ConnectionState.Open) Connect();
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private void TryRollBack()
    {
        try { Execute("ROLLBACK"); }
        catch (DbException) { } // the database has rolled back by itself, or is gone
    }
}
