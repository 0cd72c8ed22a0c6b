using System.Text.Json.Serialization;

namespace RadTex.Heads;

/// <summary>How a head's logits were fitted to labels of another place: probability = 1 / (1 + e^-(intercept + slope logit)).</summary>
/// <param name="Intercept">Added.</param>
/// <param name="Slope">1 where too few labels were there to fit it.</param>
/// <param name="Rule">Which of the two were fitted, and why.</param>
/// <param name="Positives">Positive labels it rests on.</param>
/// <param name="Negatives">Negative ones.</param>
/// <param name="Data">The SHA-256 of the table, or the dataset's hash.</param>
/// <param name="ParentSha256">Of the file before: the exported model, or the heads' weights.</param>
/// <param name="Runtime">"int8" where the logits it was fitted on are an int8 model's; null for float32.</param>
public sealed record HeadRecalibration(
    double Intercept, double Slope, string Rule, int Positives, int Negatives, string Data, string ParentSha256,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Runtime = null);
