using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using static TorchSharp.torch;

namespace RadTex.Checkpoints;

/// <summary>
/// The safetensors format (Hugging Face): an 8-byte little-endian header length, a JSON header of name, dtype, shape and
/// data offsets, then the raw little-endian values. Nothing in such a file can run code.
/// </summary>
public static class SafeTensors
{
    private const int LargestHeader = 100_000_000; // the format's own bound
    private const int Alignment = 8;

    private static readonly Dictionary<ScalarType, (string Name, int Bytes)> Types = new()
    {
        [ScalarType.Float64] = ("F64", 8),
        [ScalarType.Float32] = ("F32", 4),
        [ScalarType.Float16] = ("F16", 2),
        [ScalarType.BFloat16] = ("BF16", 2),
        [ScalarType.Int64] = ("I64", 8),
        [ScalarType.Int32] = ("I32", 4),
        [ScalarType.Int16] = ("I16", 2),
        [ScalarType.Int8] = ("I8", 1),
        [ScalarType.Byte] = ("U8", 1),
        [ScalarType.Bool] = ("BOOL", 1),
        [ScalarType.ComplexFloat32] = ("C64", 8),
    };

    /// <summary>Writes tensors, whole or not at all (<see cref="AtomicFile"/>), in the order given.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="tensors">Names and tensors, on any device and in any layout.</param>
    /// <param name="metadata">Text kept in the header.</param>
    public static void Write(string path, IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
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
        stream.Write(Header(tensors, metadata));
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
        var (entries, metadata, dataStart) = ReadHeader(file);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in entries)
        {
            long at = dataStart + entry.Begin;
            tensors.Add(entry.Name, WidenedTypes.Find(entry.TypeName) is { } widened
                ? widened.Read(file.Span(at, (int)(entry.End - entry.Begin)), entry.Shape, $"{entry.Name} of {path}")
                : file.Values(at, entry.Shape, Types.First(t => t.Value.Name == entry.TypeName).Key));
        }
        return (tensors, metadata);
    }

    private static byte[] Header(IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (var (name, tensor) in tensors)
            {
                var (typeName, size) = Types.TryGetValue(tensor.dtype, out var type) ? type : throw new NotSupportedException($"{name} has type {tensor.dtype}, which safetensors cannot hold");
                json.WriteStartObject(name);
                json.WriteString("dtype", typeName);
                json.WriteStartArray("shape");
                foreach (long side in tensor.shape) json.WriteNumberValue(side);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.numel() * size);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        int padded = ((int)buffer.Length + Alignment - 1) / Alignment * Alignment;
        var header = new byte[8 + padded];
        BinaryPrimitives.WriteInt64LittleEndian(header, padded);
        header.AsSpan(8).Fill((byte)' ');
        buffer.GetBuffer().AsSpan(0, (int)buffer.Length).CopyTo(header.AsSpan(8));
        return header;
    }

    private static (List<Entry> Entries, IReadOnlyDictionary<string, string> Metadata, long DataStart) ReadHeader(MappedFile file)
    {
        UserErrorException Malformed(string what) => new($"{file.Path} is no well-formed safetensors file: {what}.");
        if (file.Length < 8) throw Malformed($"it has {file.Length} bytes, fewer than the 8 of the header length");
        long length = BinaryPrimitives.ReadInt64LittleEndian(file.Span(0, 8));
        if (length < 2 || length > LargestHeader || length > file.Length - 8)
            throw Malformed($"its header claims {length} bytes, expected 2 to {Math.Min(LargestHeader, file.Length - 8)}");
        if (file.Span(8, 1)[0] != '{') throw Malformed("its header does not start with {");
        var entries = new List<Entry>();
        var metadata = new Dictionary<string, string>();
        long dataBytes = file.Length - 8 - length;
        try
        {
            using var json = JsonDocument.Parse(file.Span(8, (int)length).ToArray(), JsonFormat.Tree);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                {
                    foreach (var item in property.Value.EnumerateObject()) metadata[item.Name] = item.Value.GetString() ?? "";
                    continue;
                }
                var typeName = property.Value.GetProperty("dtype").GetString() ?? "null";
                int size = WidenedTypes.Find(typeName)?.Bytes ?? Types.Values.FirstOrDefault(t => t.Name == typeName).Bytes;
                if (size == 0) throw Malformed($"{property.Name} has the unknown dtype {PickleNames.Printable(typeName)}");
                var shape = property.Value.GetProperty("shape").EnumerateArray().Select(v => v.GetInt64()).ToArray();
                var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(v => v.GetInt64()).ToArray();
                if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > dataBytes)
                    throw Malformed($"the offsets of {property.Name} lie outside its {dataBytes} bytes of data");
                long expected = shape.Aggregate((long)size, (product, side) => side < 0 ? throw Malformed($"{property.Name} has a negative side") : checked(product * side));
                if (expected != offsets[1] - offsets[0])
                    throw Malformed($"{property.Name} has {offsets[1] - offsets[0]} bytes for a shape of {expected}");
                if (expected > Array.MaxLength) throw Malformed($"{property.Name} is larger than {Array.MaxLength} bytes");
                entries.Add(new(property.Name, typeName, shape, offsets[0], offsets[1]));
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw Malformed(e.Message);
        }
        long end = 0;
        foreach (var entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != end) throw Malformed($"{entry.Name} overlaps another tensor or leaves a gap");
            end = entry.End;
        }
        if (end != dataBytes) throw Malformed($"{dataBytes - end} bytes after the last tensor");
        if (entries.Select(e => e.Name).Distinct().Count() != entries.Count) throw Malformed("a name stands twice");
        return (entries, metadata, 8 + length);
    }

    private sealed record Entry(string Name, string TypeName, long[] Shape, long Begin, long End);
}
