using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace RadTex;

/// <summary>
/// Settings are records whose members say with <see cref="RangeAttribute"/> what they may be; here they are held to it. A range up to the
/// type's largest value is told as "0 or more".
/// </summary>
internal static class SettingFaults
{
    /// <summary>Every member out of its range, in words, each by its path.</summary>
    /// <param name="settings">A record of settings; its records, lists and dictionaries of records are looked into.</param>
    /// <param name="path">Where it stands, such as "training"; "" for the root.</param>
    internal static IEnumerable<string> Of(object settings, string path)
    {
        foreach (var property in settings.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0))
        {
            bool isRanged = RangeOf(property) is not null;
            if ((!isRanged && !IsLookedInto(property.PropertyType)) || property.GetValue(settings) is not { } value) continue;
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (isRanged && OutOfRange(property, value, at) is { } outside) yield return outside;
            if (!isRanged)
                foreach (var fault in Inside(value, at)) yield return fault;
        }
    }

    /// <summary>A value out of its member's range, in words; null where it is within, or has no range.</summary>
    internal static string? OutOfRange(PropertyInfo property, object value, string path) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(value)
            ? $"{path} is {Text(value)} (expected {Words(range)})" : null;

    /// <summary>A member's range in words, such as "1 to 65,536"; null where it has none.</summary>
    internal static string? RangeOf(PropertyInfo property) => property.GetCustomAttribute<RangeAttribute>() is { } range ? Words(range) : null;

    /// <summary>The texts of an enum's members, as configurations write them.</summary>
    internal static IEnumerable<string> Names(Type type) =>
        Enum.GetValues(type).Cast<object>().Select(v => JsonSerializer.SerializeToNode(v, type, JsonFormat.Line)!.ToString());

    /// <summary>The text of an enum's member, as configurations write it.</summary>
    internal static string Name<TEnum>(TEnum value) where TEnum : struct, Enum => JsonSerializer.SerializeToNode(value, JsonFormat.Line)!.ToString();

    private static IEnumerable<string> Inside(object value, string path) => value switch
    {
        IDictionary entries => entries.Keys.Cast<string>().SelectMany(key => Inside(entries[key]!, $"{path}.{key}")),
        IList items => Enumerable.Range(0, items.Count).Where(i => items[i] is not null).SelectMany(i => Inside(items[i]!, $"{path}.{i}")),
        _ => IsSettings(value.GetType()) ? Of(value, path) : [],
    };

    private static bool IsLookedInto(Type type) =>
        IsSettings(type) || (type.IsGenericType && type.GetGenericArguments().Any(IsSettings));

    /// <summary>Whether a type is a record of settings.</summary>
    internal static bool IsSettings(Type type) =>
        type is { IsClass: true, Namespace: { } space } && space.StartsWith("RadTex", StringComparison.Ordinal);

    private static string Words(RangeAttribute range)
    {
        string least = Text(range.Minimum), most = Text(range.Maximum);
        return (IsLargest(range.Maximum), range.MinimumIsExclusive, range.MaximumIsExclusive) switch
        {
            (true, false, _) => $"{least} or more",
            (true, true, _) => $"above {least}",
            (false, true, true) => $"above {least}, below {most}",
            (false, true, false) => $"above {least}, at most {most}",
            (false, false, true) => $"{least} to below {most}",
            _ => $"{least} to {most}",
        };
    }

    private static bool IsLargest(object value) => value is int.MaxValue or double.MaxValue;

    private static string Text(object value) => value switch
    {
        int or long or ulong => ((IFormattable)value).ToString("N0", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
