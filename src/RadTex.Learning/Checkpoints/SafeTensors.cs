using System.Security.Cryptography;
using RadTex.Files;
using RadTex.Learning.Checkpoints.Foreign;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints;

/// <summary>
/// The safetensors format (Hugging Face): an 8-byte little-endian header length, a JSON header of name, dtype, shape and
/// data offsets, then the raw little-endian values. Nothing in such a file can run code.
/// </summary>
public static class SafeTensors
{
    private static readonly Dictionary<ScalarType, string> Types = new()
    {
        [ScalarType.Float64] = "F64",
        [ScalarType.Float32] = "F32",
        [ScalarType.Float16] = "F16",
        [ScalarType.BFloat16] = "BF16",
        [ScalarType.Int64] = "I64",
        [ScalarType.Int32] = "I32",
        [ScalarType.Int16] = "I16",
        [ScalarType.Int8] = "I8",
        [ScalarType.Byte] = "U8",
        [ScalarType.Bool] = "BOOL",
        [ScalarType.ComplexFloat32] = "C64",
    };

    /// <summary>Writes tensors, whole or not at all (<see cref="AtomicFile"/>), in the order given.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="tensors">Names and tensors, on any device and in any layout.</param>
    /// <param name="metadata">Text kept in the header.</param>
    public static void Write(
        string path, IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <summary>The SHA-256 that the file of these tensors would have, lower-case hexadecimal.</summary>
    internal static string Sha256(IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write)) Write(stream, tensors, null);
        return Convert.ToHexStringLower(hash.Hash!);
    }

    private static void Write(Stream stream, IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        stream.Write(
            SafeTensorsHeader.Bytes(tensors.Select(t => (t.Name, TypeOf(t.Name, t.Tensor.dtype), (IReadOnlyList<long>)t.Tensor.shape)), metadata));
        foreach (var (_, tensor) in tensors)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            stream.Write(tensor.detach().cpu().contiguous().bytes);
        }
    }

    /// <summary>
    /// Reads all tensors of a file onto the CPU; the file is mapped and each value copied once. The caller disposes them. What torch has
    /// no type for comes in the least type that holds every value: F8 as float32, U16 as int32, U32 as int64; U64 as int64 where it fits.
    /// </summary>
    /// <exception cref="UserErrorException">The file is absent, cut short or malformed; the message says where.</exception>
    public static (Dictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path)
    {
        using var file = new MappedFile(path);
        var (entries, metadata, dataStart) = SafeTensorsHeader.Read(file);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in entries)
        {
            long at = dataStart + entry.Begin;
            tensors.Add(entry.Name, WidenedTypes.Find(entry.TypeName) is { } widened
                ? widened.Read(file.Span(at, entry.Bytes), entry.Shape, $"{entry.Name} of {path}")
                : file.Values(at, entry.Shape, Types.First(t => t.Value == entry.TypeName).Key));
        }
        return (tensors, metadata);
    }

    private static string TypeOf(string name, ScalarType type) =>
        Types.TryGetValue(type, out var typeName)
            ? typeName
            : throw new NotSupportedException($"{name} has type {type}, which safetensors cannot hold");
}
