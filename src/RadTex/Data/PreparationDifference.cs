using System.Globalization;

namespace RadTex.Data;

/// <summary>In which settings two preparations differ, for a message that names each with both values.</summary>
internal static class PreparationDifference
{
    /// <summary>Everything that decides a dataset, but what its tables list, by the name a person knows it by.</summary>
    internal static SortedDictionary<string, string> Settings(SourceRecord source, int shortSide)
    {
        var options = source.Options.ToDictionary(o => o.Key.Replace('_', ' '), o => o.Value);
        var settings = new SortedDictionary<string, string>(options, StringComparer.Ordinal)
        {
            ["short side"] = shortSide.ToString(CultureInfo.InvariantCulture),
            ["source"] = source.Kind,
            ["folder"] = source.Root,
        };
        foreach (var (path, hash) in source.Tables) settings[$"table {path}"] = $"SHA-256 {hash[..Math.Min(12, hash.Length)]}...";
        return settings;
    }

    /// <summary>Each setting that differs, with both values; where none does, what else must.</summary>
    internal static string Between(IReadOnlyDictionary<string, string> there, IReadOnlyDictionary<string, string> asked)
    {
        string[] differing =
        [
            .. there.Keys.Union(asked.Keys).Order(StringComparer.Ordinal)
                .Where(name => there.GetValueOrDefault(name) != asked.GetValueOrDefault(name)),
        ];
        return differing.Length == 0
            ? "the settings are the same, but the source lists other radiographs, labels or splits"
            : string.Join("; ", differing.Select(name => $"{name} is {Value(there, name)} there, {Value(asked, name)} now"));
    }

    private static string Value(IReadOnlyDictionary<string, string> settings, string name) =>
        settings.TryGetValue(name, out var value) ? $"'{value}'" : "not set";
}
