using static TorchSharp.torch;

namespace RadTex.Checkpoints;

/// <summary>A state dict of others, whatever its format: safetensors, or a PyTorch file of the zip or the older form.</summary>
internal sealed class ForeignWeights : IDisposable
{
    private readonly Dictionary<string, Tensor> tensors;

    private ForeignWeights(string path, Dictionary<string, Tensor> tensors, string sha256) => (Path, this.tensors, Sha256) = (path, tensors, sha256);

    internal string Path { get; }

    /// <summary>Of the file, lower-case hexadecimal.</summary>
    internal string Sha256 { get; }

    internal IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <exception cref="UserErrorException">The file is absent, damaged or refused.</exception>
    internal static ForeignWeights Open(string path)
    {
        var tensors = path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? SafeTensors.Read(path).Tensors : ReadTorch(path);
        return new(path, tensors, FileHash.Sha256(path));
    }

    public void Dispose()
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }

    private static Dictionary<string, Tensor> ReadTorch(string path)
    {
        using var file = TorchFile.Open(path);
        var read = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach (var name in file.Names) read.Add(name, file.Read(name));
            return read;
        }
        catch
        {
            foreach (var tensor in read.Values) tensor.Dispose();
            throw;
        }
    }
}
