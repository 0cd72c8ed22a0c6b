using RadTex.Files;
using RadTex.Service.Settings;

namespace RadTex.Service.Spool;

/// <summary>The spool as a whole: folder, queue and audit. The service itself claims it; who only looks or retries opens it beside.</summary>
internal sealed class ServiceSpool : IDisposable
{
    private readonly SpoolDatabase database;
    private readonly FolderLock? claim;

    private ServiceSpool(SpoolFolder folder, SpoolDatabase database, FolderLock? claim, TimeProvider clock)
    {
        (Folder, this.database, this.claim) = (folder, database, claim);
        Audit = new(database, ChainKey.Read(database.IsShared ? folder.SharedRecord : folder.Database), clock);
        Queue = new(database, Audit, clock);
    }

    internal SpoolFolder Folder { get; }

    internal AuditLog Audit { get; }

    internal InstanceQueue Queue { get; }

    /// <summary>Claims a spool, made where it is not there, and clears what a killed process left half done.</summary>
    /// <param name="path">Its folder; on a local disk, or where the queue is in PostgreSQL on one that all its services have.</param>
    /// <param name="postgres">Where the queue is; null for an SQLite file in the folder.</param>
    /// <param name="clock">What time it is.</param>
    /// <exception cref="UserErrorException">Another process has it, or it cannot be used.</exception>
    internal static ServiceSpool Claim(string path, PostgresSettings? postgres = null, TimeProvider? clock = null)
    {
        var folder = new SpoolFolder(path);
        folder.RequireOf(isShared: postgres is not null);
        var claim = postgres is null ? FolderLock.Take(path) : null;
        SpoolDatabase? database = null;
        try
        {
            var shared = postgres is null ? null : PostgresSpool.Join(postgres, folder.SharedRecord);
            database = shared ?? (SpoolDatabase)SqliteSpool.Open(folder.Database, create: true);
            var spool = new ServiceSpool(folder, database, claim, clock ?? TimeProvider.System);
            // What another service has just written is not in the queue yet.
            if (shared is null) folder.Sweep(spool.Queue.HasSource);
            else shared.WhereAlone(() => folder.Sweep(spool.Queue.HasSource));
            return spool;
        }
        catch
        {
            database?.Dispose();
            claim?.Dispose();
            throw;
        }
    }

    /// <summary>Opens a spool that is there beside the services that may have it.</summary>
    internal static ServiceSpool Beside(string path, PostgresSettings? postgres = null, TimeProvider? clock = null)
    {
        if (!Directory.Exists(path)) throw new UserErrorException($"No queue in {path}. Expected the spool of a service that ran.");
        var folder = new SpoolFolder(path);
        return new(folder, postgres is null ? SqliteSpool.Open(folder.Database, create: false) : PostgresSpool.Beside(postgres), null,
            clock ?? TimeProvider.System);
    }

    public void Dispose()
    {
        database.Dispose();
        claim?.Dispose();
    }
}
