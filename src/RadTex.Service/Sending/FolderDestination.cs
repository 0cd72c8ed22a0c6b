using RadTex.Files;

namespace RadTex.Service.Sending;

/// <summary>A folder of files named by their unique identifiers.</summary>
internal sealed class FolderDestination(string name, string folder) : IDestination
{
    public string Name => name;

    public Task<string?> SendAsync(string path, string uid, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.WriteAllBytes(Path.Combine(folder, uid + ".dcm"), RegularFile.ReadAllBytes(path));
            return Task.FromResult<string?>(null);
        }
        catch (Exception e) when (e is UserErrorException or IOException or UnauthorizedAccessException)
        {
            return Task.FromResult<string?>("it cannot be written");
        }
    }

    public void Dispose() { }
}
