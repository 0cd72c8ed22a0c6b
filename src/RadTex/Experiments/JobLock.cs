namespace RadTex.Experiments;

/// <summary>A claim on a job's folder, held while it is worked on, so that several processes or machines may share a sweep's folder.</summary>
internal sealed class JobLock : IDisposable
{
    private readonly FileStream stream;

    private JobLock(FileStream stream) => this.stream = stream;

    /// <summary>The claim, or null where another process holds it.</summary>
    internal static JobLock? TryTake(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new(new FileStream(Path.Combine(folder, "job.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e) { throw AtomicFile.Explain(folder, e); }
        catch (IOException e) when (AtomicFile.IsDiskFull(e) || e is DirectoryNotFoundException) { throw AtomicFile.Explain(folder, e); }
        catch (IOException) { return null; }
    }

    public void Dispose() => stream.Dispose();
}
