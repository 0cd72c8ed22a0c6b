using RadTex.Files;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>A state dict of others, whatever its format: safetensors, or a PyTorch file of the zip or the older form.</summary>
internal sealed class ForeignWeights : IDisposable
{
    /// <summary>Under which an exported file keeps its encoder's card.</summary>
    internal const string CardKey = "radtex.encoder";

    private readonly Dictionary<string, Tensor> tensors;

    private ForeignWeights(string path, Dictionary<string, Tensor> tensors, string sha256, string? card) =>
        (Path, this.tensors, Sha256, Card) = (path, tensors, sha256, card);

    internal string Path { get; }

    /// <summary>Of the file, lower-case hexadecimal.</summary>
    internal string Sha256 { get; }

    internal IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <summary>The card of the encoder, as text, where RadTex exported the file; else null.</summary>
    internal string? Card { get; }

    /// <exception cref="UserErrorException">The file is absent, damaged or refused.</exception>
    internal static ForeignWeights Open(string path)
    {
        if (!path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            var (read, card) = ReadTorch(path);
            return new(path, read, FileHash.Sha256(path), card);
        }
        var (tensors, metadata) = SafeTensors.Read(path);
        return new(path, tensors, FileHash.Sha256(path), metadata.GetValueOrDefault(CardKey));
    }

    /// <summary>Weights that a reader of another format made; owned from here on.</summary>
    internal static ForeignWeights Of(string path, Dictionary<string, Tensor> tensors) => new(path, tensors, FileHash.Sha256(path), null);

    public void Dispose()
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }

    private static (Dictionary<string, Tensor> Tensors, string? Card) ReadTorch(string path)
    {
        using var file = TorchFile.Open(path);
        var read = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach (var name in file.Names) read.Add(name, file.Read(name));
            return (read, file.Note(CardKey));
        }
        catch
        {
            foreach (var tensor in read.Values) tensor.Dispose();
            throw;
        }
    }
}
