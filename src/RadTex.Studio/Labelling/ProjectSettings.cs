using System.Text.Json;

namespace RadTex.Studio.Labelling;

/// <summary>What a project was made for. It does not change.</summary>
/// <param name="Findings">What is asked of each picture.</param>
/// <param name="Classes">2, present or absent; or as many as there are grades.</param>
/// <param name="DatasetHash">Of the radiographs.</param>
/// <param name="EncoderSha256">Of the encoder whose features heads are fitted on; empty for none: pictures then come in random order.</param>
/// <param name="Policy">What chooses pictures outside the reserve.</param>
/// <param name="Seed">Of the reserve, the policy, the folds and the repeats.</param>
/// <param name="Synthetic">Whether the radiographs are drawn.</param>
public sealed record ProjectSettings(
    IReadOnlyList<string> Findings, int Classes, string DatasetHash, string EncoderSha256, string Policy, ulong Seed, bool Synthetic)
{
    /// <summary>One pick in so many comes from the reserve.</summary>
    public int ReservePeriod { get; init; } = 5;

    /// <summary>From so many labels of a finding on, pictures are asked again.</summary>
    public int RepeatsFrom { get; init; } = 50;

    /// <summary>A picture is asked again after so many others at the earliest.</summary>
    public int RepeatDistance { get; init; } = 20;

    /// <summary>The share of pictures that every reader is asked.</summary>
    public double SharedShare { get; init; }

    /// <summary>Of the table of scores that first picks are balanced by; empty for none.</summary>
    public string PriorSha256 { get; init; } = "";

    /// <summary>Whether heads learn from every reader's answer in its share, rather than from what most say.</summary>
    public bool SoftLabels { get; init; }

    /// <summary>Whether a picture stays in view until each finding has its answer.</summary>
    public bool Together { get; init; }

    /// <summary>Handles of those who read when the project was made; none where an earlier version made it.</summary>
    public IReadOnlyList<string> Readers { get; init; } = [];

    /// <summary>As one line of JSON, as the project's first event holds it; <see cref="Parse"/> reads it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonFormat.Line);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="UserErrorException">The text is not that.</exception>
    public static ProjectSettings Parse(string json, string project)
    {
        try
        {
            return JsonSerializer
                .Deserialize<ProjectSettings>(json, JsonFormat.Line) is { Findings.Count: > 0, Classes: >= 2, ReservePeriod: >= 2 } settings
                ? settings : throw new JsonException("findings or classes are missing");
        }
        catch (JsonException e) { throw new UserErrorException($"The settings of {project} cannot be read: {e.Message}", e); }
    }
}
