using System.Buffers.Binary;
using System.Text.Json;

namespace RadTex.Files;

/// <summary>
/// The header of a safetensors file (Hugging Face): an 8-byte little-endian length, then JSON of name, dtype, shape and data offsets;
/// the raw little-endian values follow. Nothing in such a file can run code.
/// </summary>
/// <param name="Entries">The tensors, in the order of the header.</param>
/// <param name="Metadata">Text kept in the header.</param>
/// <param name="DataStart">Where the first value lies, in bytes from the file's start.</param>
internal sealed record SafeTensorsHeader(
    IReadOnlyList<SafeTensorsHeader.Entry> Entries, IReadOnlyDictionary<string, string> Metadata, long DataStart)
{
    private const int LargestHeader = 100_000_000; // the format's own bound
    private const int Alignment = 8;

    private static readonly Dictionary<string, int> BytesOfTypes = new()
    {
        ["F64"] = 8,
        ["F32"] = 4,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I64"] = 8,
        ["I32"] = 4,
        ["I16"] = 2,
        ["I8"] = 1,
        ["U8"] = 1,
        ["BOOL"] = 1,
        ["C64"] = 8,
        ["U16"] = 2,
        ["U32"] = 4,
        ["U64"] = 8,
        ["F8_E4M3"] = 1,
        ["F8_E5M2"] = 1,
    };

    /// <summary>A tensor of the file.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="TypeName">Its dtype, such as "F32".</param>
    /// <param name="Shape">Its sides.</param>
    /// <param name="Begin">Of its values, in bytes from the first value.</param>
    /// <param name="End">The same, exclusive.</param>
    internal sealed record Entry(string Name, string TypeName, long[] Shape, long Begin, long End)
    {
        internal int Bytes => (int)(End - Begin);
    }

    /// <summary>The header's bytes, its length included, for tensors that follow each other without gaps.</summary>
    internal static byte[] Bytes(
        IEnumerable<(string Name, string TypeName, IReadOnlyList<long> Shape)> tensors, IReadOnlyDictionary<string, string>? metadata)
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
            foreach (var (name, typeName, shape) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", typeName);
                json.WriteStartArray("shape");
                foreach (long side in shape) json.WriteNumberValue(side);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += shape.Aggregate((long)BytesOfTypes[typeName], (product, side) => product * side));
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

    /// <exception cref="UserErrorException">The file is cut short or malformed; the message says where.</exception>
    internal static SafeTensorsHeader Read(MappedFile file)
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
                if (!BytesOfTypes.TryGetValue(typeName, out int size))
                    throw Malformed($"{property.Name} has the unknown dtype {PrintableText.Of(typeName)}");
                var shape = property.Value.GetProperty("shape").EnumerateArray().Select(v => v.GetInt64()).ToArray();
                var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(v => v.GetInt64()).ToArray();
                if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > dataBytes)
                    throw Malformed($"the offsets of {property.Name} lie outside its {dataBytes} bytes of data");
                long expected = shape.Aggregate(
                    (long)size, (product, side) => side < 0 ? throw Malformed($"{property.Name} has a negative side") : checked(product * side));
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
        return new(entries, metadata, 8 + length);
    }
}
