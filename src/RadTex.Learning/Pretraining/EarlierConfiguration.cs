using System.Text.Json;
using System.Text.Json.Nodes;

namespace RadTex.Learning.Pretraining;

/// <summary>Configurations as versions before section <c>objective</c> wrote them.</summary>
internal static class EarlierConfiguration
{
    /// <summary>Keys that have moved, section.key, and where to.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Moved =
        new Dictionary<string, string> { ["training.directions"] = "objective.directions" };

    /// <summary>A run's configuration as it would be written now; itself where it has an objective.</summary>
    internal static JsonObject Upgrade(JsonObject run)
    {
        if (run["objective"] is not null) return run;
        JsonNode? directions = null;
        if (run["training"] is JsonObject training) training.Remove("directions", out directions);
        PretrainingObjective objective = new CaptioningObjective();
        if (run.Remove("labels", out var labels) && labels is JsonValue value && value.TryGetValue(out string? names))
            objective = new LabelsObjective(names.Split('|'));
        else if (directions?.ToString() == "forward") objective = new CaptioningObjective(CaptionDirections.Forward);
        run["objective"] = JsonSerializer.SerializeToNode(objective, JsonFormat.Indented);
        return run;
    }
}
