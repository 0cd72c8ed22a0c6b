using System.Text.Json;

namespace RadTex.Service.Judging;

/// <summary>What is said of an instance, decided once: the same JSON is kept, returned and turned into the report.</summary>
/// <param name="SopInstance">Of a DICOM instance; else empty.</param>
/// <param name="Judged">When, UTC.</param>
public sealed record Answer(string SopInstance, DateTimeOffset Judged)
{
    /// <summary>What every answer says.</summary>
    public const string NotForDiagnosis = "Not for diagnostic use";

    /// <summary>The model's name; null where none was chosen.</summary>
    public string? Model { get; init; }

    /// <summary>The model file's SHA-256.</summary>
    public string? ModelSha256 { get; init; }

    /// <summary>What ran it.</summary>
    public string? Runtime { get; init; }

    /// <summary>Whether the encoder learnt from synthetic radiographs.</summary>
    public bool SyntheticEncoder { get; init; }

    /// <summary>The findings; empty where it is not judged.</summary>
    public IReadOnlyList<AnswerFinding> Findings { get; init; } = [];

    /// <summary>The rule by which it is not judged, such as "lateral"; null where it is.</summary>
    public string? NotJudged { get; init; }

    /// <summary>That rule in words.</summary>
    public string? Reason { get; init; }

    /// <summary>How far it lies from the training radiographs, 1 is usual; null where that is not known.</summary>
    public double? Distance { get; init; }

    /// <summary>The SOP instance UID of the report; null where none is made.</summary>
    public string? Report { get; init; }

    /// <summary>Shown with the answer: <see cref="NotForDiagnosis"/>.</summary>
    public string Notice { get; init; } = NotForDiagnosis;

    internal string ToJson() => JsonSerializer.Serialize(this, JsonFormat.Line);

    internal static Answer Parse(string json) => JsonSerializer.Deserialize<Answer>(json, JsonFormat.Line)!;
}
