namespace RadTex.Service.Settings;

/// <summary>A rule: what it is of, and the model that judges it. A list that is empty fits everything.</summary>
public sealed record RuleSettings
{
    /// <summary>The model's name in the registry.</summary>
    public string? Model { get; init; }

    /// <summary>A second model that judges the same in silence; agreement is kept.</summary>
    public string? Shadow { get; init; }

    /// <summary>Whether what it fits is left alone, without an answer.</summary>
    public bool Skip { get; init; }

    /// <summary>Application entity titles that the instance was sent to.</summary>
    public IReadOnlyList<string> CalledAe { get; init; } = [];

    /// <summary>Views, such as PA.</summary>
    public IReadOnlyList<string> View { get; init; } = [];

    /// <summary>Modalities, such as DX.</summary>
    public IReadOnlyList<string> Modality { get; init; } = [];

    /// <summary>Station names.</summary>
    public IReadOnlyList<string> Station { get; init; } = [];
}
