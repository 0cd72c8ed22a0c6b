using System.Text.Json;
using System.Text.Json.Nodes;
using RadTex.Files;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// Reads a configuration: a preset, then a file that holds only what differs (JSON with comments), then single values
/// <c>section.key=value</c>. Unknown keys are faults, and all faults are told together.
/// </summary>
public static class ConfigurationReader
{
    private const string PresetKey = "preset", ObjectiveKey = "objective", NameKey = "name";

    /// <summary>The resolved configuration.</summary>
    /// <param name="preset">A preset's name; null for the one the file names, or "paper" where it names none.</param>
    /// <param name="file">A configuration file; null for none.</param>
    /// <param name="assignments">Values such as "training.epochs=3", or a whole objective as JSON, "objective=[...]" for a sum; they win over the
    /// file.</param>
    /// <exception cref="UserErrorException">Anything is wrong; the message lists everything.</exception>
    public static PretrainingConfiguration Read(string? preset, string? file = null, IReadOnlyList<string>? assignments = null)
    {
        var faults = new List<string>();
        var overrides = file is null ? [] : ReadFile(file, faults);
        if (overrides.Remove(PresetKey, out var named))
        {
            var name = named is JsonValue v && v.TryGetValue(out string? text) ? text : named?.ToJsonString() ?? "null";
            if (preset is not null && preset != name) faults.Add($"preset is '{name}' in {file}, '{preset}' was asked for (name it once)");
            preset ??= name;
        }
        preset ??= "paper";
        if (!PretrainingConfiguration.PresetNames.Contains(preset))
        {
            faults.Add($"preset '{preset}' is not known (expected {string.Join(", ", PretrainingConfiguration.PresetNames)})");
            preset = "paper";
        }
        var tree = JsonSerializer.SerializeToNode(PretrainingConfiguration.OfPreset(preset), JsonFormat.Indented)!.AsObject();
        foreach (var (section, content) in overrides) AssignSection(tree, section, content, faults);
        foreach (var assignment in (assignments ?? []).OrderBy(a => !ChoosesObjective(a)))
        {
            var (name, text) = assignment.IndexOf('=', StringComparison.Ordinal) is > 0 and int at
                ? (assignment[..at].Trim(), assignment[(at + 1)..].Trim())
                : (assignment, null);
            if (text is not null && name == ObjectiveKey) AssignSection(tree, name, Parse(typeof(JsonNode), text), faults);
            else if (text is null || name.Split('.') is not [var section, var key]) faults.Add($"'{assignment}' (expected section.key=value)");
            else Assign(tree, section, key, type => Parse(type, text), faults);
        }
        var configuration = tree.Deserialize<PretrainingConfiguration>(JsonFormat.Indented)!;
        faults.AddRange(configuration.Faults());
        if (faults.Count == 0) return configuration;
        throw SettingsFile.Refusal("The configuration", faults);
    }

    // Which objective it is decides which keys it has: chosen before any of them is given a value.
    private static bool ChoosesObjective(string assignment) =>
        assignment.StartsWith($"{ObjectiveKey}.{NameKey}", StringComparison.Ordinal)
        || assignment.StartsWith($"{ObjectiveKey}=", StringComparison.Ordinal);

    private static void AssignSection(JsonObject tree, string section, JsonNode? content, List<string> faults)
    {
        if (section == ObjectiveKey && content is JsonArray list)
        {
            ChooseObjectives(tree, list, faults);
            return;
        }
        if (Unknown(tree, section) is { } unknown) faults.Add(unknown);
        else if (content is not JsonObject values) faults.Add($"{section} is {content?.ToJsonString() ?? "null"} (expected an object of keys)");
        else
            foreach (var (key, value) in values.OrderBy(v => v.Key != NameKey)) // an objective's name decides its other keys
                Assign(tree, section, key, _ => value?.DeepClone(), faults);
    }

    private static JsonObject ReadFile(string file, List<string> faults)
    {
        if (SettingsFile.Read(file, "a JSON file that holds what differs from a preset") is JsonObject tree) return tree;
        faults.Add($"{file} holds no object (expected {{ \"preset\": ..., \"training\": {{ ... }} }})");
        return [];
    }

    // A value of a type of the wrong kind is found here, one out of range by PretrainingConfiguration.Faults.
    private static void Assign(JsonObject tree, string section, string key, Func<Type, JsonNode?> value, List<string> faults)
    {
        if (EarlierConfiguration.Moved.TryGetValue($"{section}.{key}", out var moved)) (section, key) = (moved.Split('.')[0], moved.Split('.')[1]);
        if (section == ObjectiveKey && key == NameKey && tree[section] is JsonArray)
            tree[section] = JsonSerializer.SerializeToNode(new CaptioningObjective(), JsonFormat.Indented); // one in the place of a preset's sum
        if (Unknown(tree, section) is { } unknown)
        {
            faults.Add(unknown);
            return;
        }
        var keys = tree[section]!.AsObject();
        if (!keys.ContainsKey(key))
        {
            faults.Add($"{section}.{key} is not known (expected one of {string.Join(", ", keys.Select(k => k.Key))})");
            return;
        }
        var objective = section == ObjectiveKey ? Objectives.Find(keys[NameKey]!.GetValue<string>())! : null;
        var type = Property(objective?.GetType() ?? Property(typeof(PretrainingConfiguration), section), key);
        var node = value(type);
        if (objective is not null && key == NameKey)
        {
            ChooseObjective(tree, node, objective, faults);
            return;
        }
        if (SettingsTree.ValueFault(node, type, $"{section}.{key}") is { } fault) faults.Add(fault);
        else keys[key] = node;
    }

    // A list is a sum: each entry is read as the section alone would be, but for its weight.
    private static void ChooseObjectives(JsonObject tree, JsonArray list, List<string> faults)
    {
        var terms = new JsonArray();
        foreach (var entry in list)
        {
            if (entry is not JsonObject given || Objectives.Find((given[NameKey] as JsonValue)?.ToString()) is not { } defaults)
            {
                faults.Add($"objective has an entry {entry?.ToJsonString() ?? "null"} (expected an object whose name is one of "
                    + $"{string.Join(", ", Objectives.Names)})");
                continue;
            }
            var term = new JsonObject { [ObjectiveKey] = JsonSerializer.SerializeToNode(defaults, JsonFormat.Indented) };
            foreach (var (key, value) in given.Where(k => k.Key is not (NameKey or ObjectiveJson.Weight)))
                Assign(term, ObjectiveKey, key, _ => value?.DeepClone(), faults);
            var keys = term[ObjectiveKey]!.DeepClone().AsObject();
            if (given.TryGetPropertyValue(ObjectiveJson.Weight, out var weight))
            {
                if (weight is JsonValue number && number.TryGetValue(out double real) && PlainNumber.IsInRange(real))
                    keys[ObjectiveJson.Weight] = real;
                else faults.Add($"objective.weight is {weight?.ToJsonString() ?? "null"} (expected a number)");
            }
            terms.Add((JsonNode)keys);
        }
        tree[ObjectiveKey] = terms;
    }

    // Another objective has other keys, and starts from its own defaults.
    private static void ChooseObjective(JsonObject tree, JsonNode? name, PretrainingObjective before, List<string> faults)
    {
        var chosen = name is JsonValue value && value.TryGetValue(out string? text) ? Objectives.Find(text) : null;
        if (chosen is null)
            faults.Add($"objective.name is {name?.ToJsonString() ?? "null"} (expected one of {string.Join(", ", Objectives.Names)})");
        else if (chosen.Name != before.Name) tree[ObjectiveKey] = JsonSerializer.SerializeToNode(chosen, JsonFormat.Indented);
    }

    private static string? Unknown(JsonObject tree, string section) => tree[section] is JsonObject
        ? null
        : tree[section] is JsonArray ? $"{section} is a list here (expected its keys in the list, or another {section}.name first)"
        : $"section {section} is not known (expected one of {string.Join(", ", tree.Where(s => s.Value is JsonObject).Select(s => s.Key))})";

    private static Type Property(Type type, string name) =>
        type.GetProperties().First(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name) == name).PropertyType;

    private static JsonNode? Parse(Type type, string text)
    {
        if (type == typeof(string) || type.IsEnum) return JsonValue.Create(text);
        if (type == typeof(double)) return PlainNumber.TryParse(text, out double real) ? JsonValue.Create(real) : JsonValue.Create(text);
        if (type == typeof(int) && PlainNumber.TryParse(text, out int whole)) return JsonValue.Create(whole);
        if (type == typeof(long) && PlainNumber.TryParse(text, out long large)) return JsonValue.Create(large);
        if (type == typeof(IReadOnlyList<string>))
            return new JsonArray(
                [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(item => (JsonNode)item)]);
        try { return JsonNode.Parse(text); }
        catch (JsonException) { return JsonValue.Create(text); }
    }
}
