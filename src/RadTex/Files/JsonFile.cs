using System.Text.Json;

namespace RadTex.Files;

/// <summary>
/// A file that holds one JSON object: the card that says what lies in a folder, a result, a state. It is written whole or not at all, and read with
/// a bound.
/// </summary>
internal static class JsonFile
{
    /// <summary>Bytes of the largest card.</summary>
    internal const long Largest = 1 << 20;

    internal static void Write<T>(string path, T value) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(value, JsonFormat.Indented) + "\n");

    /// <summary>Reads one that must be there and whole.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="kind">What is expected, such as "encoder card".</param>
    /// <param name="isWhole">Whether what was read has all it must have; null: any object will do.</param>
    /// <param name="cure">A sentence for the message, such as what to run again; "" for none.</param>
    /// <param name="largest">Bytes; what is longer is not read.</param>
    /// <exception cref="UserErrorException">It is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static T Read<T>(string path, string kind, Func<T, bool>? isWhole = null, string cure = "", long largest = Largest) where T : class
    {
        long length = new FileInfo(path).Length;
        if (length > largest)
            throw new UserErrorException($"{path} is no {kind}: it has {length:N0} bytes, expected at most {largest:N0}. Is it another file?");
        try
        {
            var value = JsonSerializer.Deserialize<T>(RegularFile.ReadAllText(path), JsonFormat.Line) ?? throw new JsonException("it is null.");
            return isWhole?.Invoke(value) ?? true ? value : throw new JsonException("it lacks what it must say.");
        }
        catch (JsonException e) { throw new UserErrorException($"{path} is no {kind}: {e.Message.ReplaceLineEndings(" ")} {cure}".TrimEnd(), e); }
    }

    /// <summary>Reads one that can be made again: null where it is not there or not whole.</summary>
    internal static T? ReadIfWhole<T>(string path, Func<T, bool>? isWhole = null) where T : class
    {
        try { return File.Exists(path) ? Read(path, "file", isWhole) : null; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UserErrorException) { return null; }
    }
}
