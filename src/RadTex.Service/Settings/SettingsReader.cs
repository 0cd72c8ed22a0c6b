using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using RadTex.Files;

namespace RadTex.Service.Settings;

/// <summary>Reads <c>serve.json</c> (JSON with comments). Unknown keys are faults, and all faults are told together.</summary>
public static class SettingsReader
{
    private const long LargestBytes = 1 << 20;
    private const int LongestValue = 80;

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>The settings, every path made whole.</summary>
    /// <exception cref="UserErrorException">Anything is wrong; the message lists everything.</exception>
    public static ServiceSettings Read(string file)
    {
        if (!File.Exists(file)) throw new UserErrorException($"No configuration at {file}. Expected a JSON file; {{}} takes every default.");
        if (new FileInfo(file).Length > LargestBytes)
            throw new UserErrorException($"{file} is larger than {LargestBytes:N0} bytes; a configuration is far smaller.");
        return Parse(RegularFile.ReadAllText(file), Path.GetDirectoryName(Path.GetFullPath(file))!, file);
    }

    internal static ServiceSettings Parse(string text, string folder, string origin)
    {
        var faults = new List<string>();
        JsonNode? tree = null;
        try { tree = JsonNode.Parse(text, documentOptions: JsonFormat.Commented); }
        catch (JsonException e) { faults.Add($"it is no JSON: {e.Message}"); }
        if (faults.Count == 0) Check(tree, typeof(ServiceSettings), "", faults);
        if (faults.Count == 0)
        {
            var settings = tree.Deserialize<ServiceSettings>(JsonFormat.StrictLine)!;
            faults.AddRange(settings.Faults());
            if (faults.Count == 0) return settings.In(folder);
        }
        throw new UserErrorException(
            $"The configuration {origin} has {(faults.Count == 1 ? "a fault" : $"{faults.Count} faults")}: {string.Join("; ", faults)}.");
    }

    private static void Check(JsonNode? node, Type type, string path, List<string> faults)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) CheckList(node, type, path, faults);
        else if (type.Namespace == typeof(SettingsReader).Namespace) CheckSection(node, type, path, faults);
        else CheckValue(node, type, path, faults);
    }

    private static void CheckSection(JsonNode? node, Type type, string path, List<string> faults)
    {
        if (node is not JsonObject section)
        {
            faults.Add($"{(path.Length == 0 ? "the whole" : path)} is {Short(node)} (expected an object of keys)");
            return;
        }
        var known = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .ToDictionary(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));
        foreach (var (key, value) in section)
        {
            var at = path.Length == 0 ? key : $"{path}.{key}";
            if (!known.TryGetValue(key, out var property)) faults.Add($"{at} is not known (expected one of {string.Join(", ", known.Keys)})");
            else if (value is null && IsNullable(property)) continue;
            else if (value is null) faults.Add($"{at} is null (leave it out for its default)");
            else
            {
                int before = faults.Count;
                Check(value, property.PropertyType, at, faults);
                if (faults.Count == before
                    && SettingFaults.OutOfRange(property, value.Deserialize(property.PropertyType, JsonFormat.Line)!, at) is { } outside) faults
                        .Add(outside);
            }
        }
    }

    private static bool IsNullable(PropertyInfo property) => Nullable.GetUnderlyingType(property.PropertyType) is not null
        || (!property.PropertyType.IsValueType && Nullability.Create(property).ReadState == NullabilityState.Nullable);

    private static void CheckList(JsonNode? node, Type type, string path, List<string> faults)
    {
        if (node is not JsonArray list) faults.Add($"{path} is {Short(node)} (expected a list)");
        else
            foreach (var (i, item) in list.Index()) Check(item, type.GetGenericArguments()[0], $"{path}[{i}]", faults);
    }

    private static void CheckValue(JsonNode? node, Type type, string path, List<string> faults)
    {
        try
        {
            if (node is null) throw new JsonException("null");
            _ = node.Deserialize(type, JsonFormat.Line);
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or InvalidOperationException)
        {
            var expected =
                type == typeof(bool) ? "true or false" : type == typeof(string) ? "text" : type == typeof(double) ? "a number" : "a whole number";
            faults.Add($"{path} is {Short(node)} (expected {expected})");
        }
    }

    private static string Short(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length <= LongestValue ? text : $"{text[..LongestValue]}...";
    }
}
