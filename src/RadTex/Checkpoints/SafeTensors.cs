using System.Buffers.Binary;
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
    };

    /// <summary>Writes tensors, whole or not at all (<see cref="AtomicFile"/>), in the order given.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="tensors">Names and tensors, on any device and in any layout.</param>
    /// <param name="metadata">Text kept in the header.</param>
    public static void Write(string path, IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(path, stream =>
        {
            stream.Write(Header(tensors, metadata));
            foreach (var (_, tensor) in tensors)
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                stream.Write(tensor.detach().cpu().contiguous().bytes);
            }
        });

    /// <summary>Reads all tensors of a file onto the CPU. The caller disposes them.</summary>
    /// <exception cref="UserErrorException">The file is absent, cut short or malformed; the message says where.</exception>
    public static (Dictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path)
    {
        if (!File.Exists(path)) throw new UserErrorException($"No weights at {path}.");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var (entries, metadata, dataStart) = ReadHeader(path, stream);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in entries)
        {
            stream.Position = dataStart + entry.Begin;
            var values = empty(entry.Shape, dtype: entry.Type).DetachFromDisposeScope();
            var bytes = new byte[entry.End - entry.Begin];
            stream.ReadExactly(bytes);
            if (bytes.Length > 0) values.bytes = bytes;
            tensors.Add(entry.Name, values);
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

    private static (List<Entry> Entries, IReadOnlyDictionary<string, string> Metadata, long DataStart) ReadHeader(string path, FileStream stream)
    {
        UserErrorException Malformed(string what) => new($"{path} is no well-formed safetensors file: {what}.");
        Span<byte> lengthBytes = stackalloc byte[8];
        if (stream.Length < 8) throw Malformed($"it has {stream.Length} bytes, fewer than the 8 of the header length");
        stream.ReadExactly(lengthBytes);
        long length = BinaryPrimitives.ReadInt64LittleEndian(lengthBytes);
        if (length < 2 || length > LargestHeader || length > stream.Length - 8)
            throw Malformed($"its header claims {length} bytes, expected 2 to {Math.Min(LargestHeader, stream.Length - 8)}");
        var header = new byte[length];
        stream.ReadExactly(header);
        var entries = new List<Entry>();
        var metadata = new Dictionary<string, string>();
        long dataBytes = stream.Length - 8 - length;
        try
        {
            using var json = JsonDocument.Parse(header);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                {
                    foreach (var item in property.Value.EnumerateObject()) metadata[item.Name] = item.Value.GetString() ?? "";
                    continue;
                }
                var typeName = property.Value.GetProperty("dtype").GetString();
                var type = Types.FirstOrDefault(t => t.Value.Name == typeName);
                if (type.Value.Name is null) throw Malformed($"{property.Name} has the unknown dtype {typeName}");
                var shape = property.Value.GetProperty("shape").EnumerateArray().Select(v => v.GetInt64()).ToArray();
                var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(v => v.GetInt64()).ToArray();
                if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > dataBytes)
                    throw Malformed($"the offsets of {property.Name} lie outside its {dataBytes} bytes of data");
                long expected = shape.Aggregate((long)type.Value.Bytes, (product, side) => side < 0 ? throw Malformed($"{property.Name} has a negative side") : checked(product * side));
                if (expected != offsets[1] - offsets[0])
                    throw Malformed($"{property.Name} has {offsets[1] - offsets[0]} bytes for a shape of {expected}");
                if (expected > Array.MaxLength) throw Malformed($"{property.Name} is larger than {Array.MaxLength} bytes");
                entries.Add(new(property.Name, type.Key, shape, offsets[0], offsets[1]));
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

    private sealed record Entry(string Name, ScalarType Type, long[] Shape, long Begin, long End);
}
