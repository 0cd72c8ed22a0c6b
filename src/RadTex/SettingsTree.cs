using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RadTex;

/// <summary>
/// Holds a tree of JSON against the records of settings it is to become: keys that are unknown or missing, and values of another kind or out of
/// their range, each by its path, all of them together.
/// </summary>
internal static class SettingsTree
{
    private const int LongestValue = 80;

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Adds what is wrong below a node.</summary>
    /// <param name="node">The JSON.</param>
    /// <param name="type">A record, list or dictionary of records, or a simple type.</param>
    /// <param name="path">The node's, such as "sweep" or "initialisations.3"; empty for the root.</param>
    /// <param name="faults">Gets a line a fault.</param>
    internal static void Find(JsonNode? node, Type type, string path, List<string> faults)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            if (Of<JsonObject>(node, path, "an object of names", faults) is not { } entries) return;
            foreach (var (key, value) in entries) Find(value, type.GetGenericArguments()[1], Below(path, key), faults);
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            if (Of<JsonArray>(node, path, "a list", faults) is not { } items) return;
            foreach (var (i, item) in items.Index()) Find(item, type.GetGenericArguments()[0], Below(path, $"{i}"), faults);
        }
        else if (SettingFaults.IsSettings(type))
        {
            if (Of<JsonObject>(node, path, "an object of keys", faults) is { } members) FindInRecord(members, type, path, faults);
        }
        else if (type != typeof(JsonElement) && ValueFault(node, type, path) is { } fault) faults.Add(fault);
    }

    /// <summary>What is wrong with a single value, in words; null where it is of its type.</summary>
    /// <param name="node">The JSON.</param>
    /// <param name="type">A number, text, truth value, enum, or list of texts.</param>
    /// <param name="path">The value's.</param>
    internal static string? ValueFault(JsonNode? node, Type type, string path)
    {
        try
        {
            if (node is null) throw new JsonException("null");
            if (node.Deserialize(type, JsonFormat.Line) is double real && !PlainNumber.IsInRange(real)) throw new JsonException("too large");
            return null;
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or InvalidOperationException)
        {
            return $"{path} is {Text(node)} (expected {Words(type)})";
        }
    }

    private static void FindInRecord(JsonObject members, Type type, string path, List<string> faults)
    {
        var known = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).ToDictionary(p => Name(p.Name));
        foreach (var (key, value) in members)
        {
            var at = Below(path, key);
            if (!known.TryGetValue(key, out var property)) faults.Add($"{at} is not known (expected one of {string.Join(", ", known.Keys)})");
            else if (value is null && IsNullable(property)) continue;
            else if (value is null) faults.Add($"{at} is null (leave it out for its default)");
            else
            {
                int before = faults.Count;
                Find(value, property.PropertyType, at, faults);
                if (faults.Count == before && SettingFaults.RangeOf(property) is not null
                    && SettingFaults.OutOfRange(property, value.Deserialize(property.PropertyType, JsonFormat.Line)!, at) is { } outside)
                    faults.Add(outside);
            }
        }
        var parameters = type.GetConstructors().MaxBy(c => c.GetParameters().Length)?.GetParameters() ?? [];
        faults.AddRange(
            parameters.Where(p => !p.HasDefaultValue).Select(p => Name(p.Name!)).Where(key => !members.ContainsKey(key))
                .Select(key => $"{Below(path, key)} is missing"));
    }

    private static bool IsNullable(PropertyInfo property) => Nullable.GetUnderlyingType(property.PropertyType) is not null
        || (!property.PropertyType.IsValueType && Nullability.Create(property).ReadState == NullabilityState.Nullable);

    private static T? Of<T>(JsonNode? node, string path, string expected, List<string> faults)
        where T : JsonNode
    {
        if (node is T value) return value;
        faults.Add($"{(path.Length == 0 ? "the whole" : path)} is {Text(node)} (expected {expected})");
        return null;
    }

    private static string Below(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Name(string member) => JsonNamingPolicy.SnakeCaseLower.ConvertName(member);

    private static string Text(JsonNode? node) =>
        node?.ToJsonString() is not { } json ? "null" : json.Length > LongestValue ? $"{json[..LongestValue]}..." : json;

    private static string Words(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", SettingFaults.Names(type))}"
        : type == typeof(bool) ? "true or false"
        : type == typeof(string) ? "text"
        : type == typeof(IReadOnlyList<string>) ? "a list of texts"
        : type == typeof(double) ? "a number" : "a whole number";
}
