using RadTex.Files;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// Renames the keys of a state dict: a JSON object from a name, or a prefix with "*" at its end, to the name or prefix here; null leaves
/// the key out. A whole name goes before a prefix, a longer prefix before a shorter one. Keys that nothing matches stay as they are.
/// </summary>
public sealed class KeyMap
{

    private readonly Dictionary<string, string?> names;

    private KeyMap(Dictionary<string, string?> names) => this.names = names;

    /// <summary>Renames nothing.</summary>
    public static KeyMap None { get; } = new([]);

    /// <summary>Reads a map from a JSON object of patterns.</summary>
    /// <exception cref="UserErrorException">No such file, or no such object in it.</exception>
    public static KeyMap Read(string path)
    {
        try
        {
            return new(JsonFile.Read<Dictionary<string, string?>>(
                path, "key map", cure: "Expected a JSON object such as {\"encoder.*\": \"*\", \"head.*\": null}.", largest: 16 << 20));
        }
        catch (Exception e) when (e is IOException
            or UnauthorizedAccessException)
        { throw new UserErrorException($"Cannot read the key map {path}: {e.Message}", e); }
    }

    /// <summary>The name here, or null where the key is to be left out.</summary>
    public string? Rename(string key)
    {
        if (names.TryGetValue(key, out var name)) return name;
        var prefix = names.Keys.Where(p => p.EndsWith('*') && key.StartsWith(p[..^1], StringComparison.Ordinal)).MaxBy(p => p.Length);
        if (prefix is null) return key;
        return names[prefix] is { } to ? to.TrimEnd('*') + key[(prefix.Length - 1)..] : null;
    }
}
