namespace RadTex.Consumer.Tests;

/// <summary>A folder of a test's own, deleted with it.</summary>
internal sealed class OwnFolder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("radtex-consumer-").FullName;

    internal string File(string name) => Path.Combine(path, name);

    public void Dispose() => Directory.Delete(path, recursive: true);
}
