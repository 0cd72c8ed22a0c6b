using System.Text.Json;
using System.Text.Json.Nodes;
using RadTex.Learning.Pretraining;

namespace RadTex.Experiments.Reproduction;

/// <summary>
/// Holds a tree of JSON against the records it is to become: keys that are unknown or missing and values of another kind, each by its path.
/// </summary>
internal static class ConfigurationFaults
{
    /// <summary>Adds what is wrong below a node.</summary>
    /// <param name="node">The JSON.</param>
    /// <param name="type">A record, list or dictionary of records, or a simple type.</param>
    /// <param name="path">The node's, such as "sweep" or "initialisations.3"; empty for the root.</param>
    /// <param name="format">How names and values are written.</param>
    /// <param name="faults">Gets a line a fault.</param>
    internal static void Find(JsonNode? node, Type type, string path, JsonSerializerOptions format, List<string> faults)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        string Below(string key) => path.Length == 0 ? key : $"{path}.{key}";
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            if (Of<JsonObject>(node, path, "an object of names", faults) is not { } entries) return;
            foreach (var (key, value) in entries) Find(value, type.GetGenericArguments()[1], Below(key), format, faults);
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            if (Of<JsonArray>(node, path, "a list", faults) is not { } items) return;
            for (int i = 0; i < items.Count; i++) Find(items[i], type.GetGenericArguments()[0], Below($"{i}"), format, faults);
        }
        else if (type.Assembly == typeof(ConfigurationFaults).Assembly && type.IsClass)
        {
            if (Of<JsonObject>(node, path, "an object of keys", faults) is not { } members) return;
            var known = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!.GetParameters()
                .ToDictionary(p => format.PropertyNamingPolicy!.ConvertName(p.Name!));
            foreach (var (key, value) in members)
                if (!known.TryGetValue(key, out var parameter))
                    faults.Add($"{Below(key)} is not known (expected one of {string.Join(", ", known.Keys)})");
                else if (value is not null || parameter is not { HasDefaultValue: true, DefaultValue: null })
                    Find(value, parameter.ParameterType, Below(key), format, faults);
            faults.AddRange(known.Where(k => !k.Value.HasDefaultValue && !members.ContainsKey(k.Key)).Select(k => $"{Below(k.Key)} is missing"));
        }
        else if (type != typeof(JsonElement)) CheckValue(node, type, path, format, faults);
    }

    private static void CheckValue(JsonNode? node, Type type, string path, JsonSerializerOptions format, List<string> faults)
    {
        try
        {
            if (node is null) throw new JsonException("null");
            node.Deserialize(type, format);
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or InvalidOperationException)
        {
            faults.Add($"{path} is {Text(node)} (expected {ConfigurationReader.Words(type)})");
        }
    }

    private static T? Of<T>(JsonNode? node, string path, string expected, List<string> faults)
        where T : JsonNode
    {
        if (node is T value) return value;
        faults.Add($"{(path.Length == 0 ? "the file" : path)} is {Text(node)} (expected {expected})");
        return null;
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() is not { } json ? "null" : json.Length > 80 ? json[..80] + "..." : json;
}
