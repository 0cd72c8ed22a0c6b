using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace RadTex.Learning.Pretraining;

/// <summary>An objective as an object of its name and its own keys.</summary>
internal sealed class ObjectiveJson : JsonConverter<PretrainingObjective>
{
    public override PretrainingObjective Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var keys = JsonSerializer.Deserialize<JsonObject>(ref reader, options) ?? throw new JsonException("objective is null");
        var name = keys["name"]?.GetValue<string>();
        var defaults = Objectives.Find(name) ?? throw new JsonException($"objective.name is '{name}'");
        return (PretrainingObjective)keys.Deserialize(defaults.GetType(), options)!;
    }

    public override void Write(Utf8JsonWriter writer, PretrainingObjective value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, value.GetType(), options);
}
