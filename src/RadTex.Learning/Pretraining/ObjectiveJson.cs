using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace RadTex.Learning.Pretraining;

/// <summary>An objective as an object of its name and its own keys; a sum as a list of such objects, each with its weight.</summary>
internal sealed class ObjectiveJson : JsonConverter<PretrainingObjective>
{
    public override PretrainingObjective Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return One(JsonSerializer.Deserialize<JsonObject>(ref reader, options) ?? throw new JsonException("objective is null"), options);
        var terms = new List<WeightedObjective>();
        foreach (var term in JsonSerializer.Deserialize<JsonArray>(ref reader, options)!)
        {
            var keys = term as JsonObject ?? throw new JsonException("objective's list has an entry that is no object");
            double weight = keys.Remove(Weight, out var given) ? given?.GetValue<double>() ?? throw new JsonException("weight is null") : 1;
            terms.Add(new(One(keys, options), weight));
        }
        return new SummedObjective(terms);
    }

    internal const string Weight = "weight";

    private static PretrainingObjective One(JsonObject keys, JsonSerializerOptions options)
    {
        var name = keys["name"]?.GetValue<string>();
        var defaults = Objectives.Find(name) ?? throw new JsonException($"objective.name is '{name}'");
        return (PretrainingObjective)keys.Deserialize(defaults.GetType(), options)!;
    }

    public override void Write(Utf8JsonWriter writer, PretrainingObjective value, JsonSerializerOptions options)
    {
        if (value is SummedObjective sum) JsonSerializer.Serialize(writer, new JsonArray([.. sum.Terms.Select(t => Term(t, options))]), options);
        else JsonSerializer.Serialize(writer, value, value.GetType(), options);
    }

    private static JsonObject Term(WeightedObjective term, JsonSerializerOptions options)
    {
        var keys = JsonSerializer.SerializeToNode(term.Objective, term.Objective.GetType(), options)!.AsObject();
        keys.Insert(1, Weight, JsonValue.Create(term.Weight));
        return keys;
    }
}
