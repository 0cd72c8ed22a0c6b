using RadTex.Files;

namespace RadTex.Service.Spool;

/// <summary>The spool as a whole: folder, queue and audit. The service itself claims it; who only looks or retries opens it beside.</summary>
internal sealed class ServiceSpool : IDisposable
{
    private readonly SpoolDatabase database;
    private readonly FolderLock? claim;

    private ServiceSpool(SpoolFolder folder, SpoolDatabase database, FolderLock? claim, TimeProvider clock)
    {
        (Folder, this.database, this.claim) = (folder, database, claim);
        Audit = new(database, ChainKey.Read(folder.Database), clock);
        Queue = new(database, Audit, clock);
    }

    internal SpoolFolder Folder { get; }

    internal AuditLog Audit { get; }

    internal InstanceQueue Queue { get; }

    /// <summary>Claims a spool, made where it is not there, and clears what a killed process left half done.</summary>
    /// <exception cref="UserErrorException">Another process has it, or it cannot be used.</exception>
    internal static ServiceSpool Claim(string path, TimeProvider? clock = null)
    {
        var folder = new SpoolFolder(path);
        var claim = FolderLock.Take(path);
        SpoolDatabase? database = null;
        try
        {
            database = SpoolDatabase.Open(folder.Database, create: true);
            var spool = new ServiceSpool(folder, database, claim, clock ?? TimeProvider.System);
            folder.Sweep(spool.Queue.HasSource);
            return spool;
        }
        catch
        {
            database?.Dispose();
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Opens a spool that is there beside the service that may have it.</summary>
    internal static ServiceSpool Beside(string path, TimeProvider? clock = null)
    {
        if (!File.Exists(Path.Combine(path, "queue.sqlite")))
            throw new UserErrorException($"No queue in {path}. Expected the spool of a service that ran.");
        var folder = new SpoolFolder(path);
        return new(folder, SpoolDatabase.Open(folder.Database, create: false), null, clock ?? TimeProvider.System);
    }

    public void Dispose()
    {
        database.Dispose();
        claim?.Dispose();
    }
}
