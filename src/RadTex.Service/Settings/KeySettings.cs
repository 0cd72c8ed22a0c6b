namespace RadTex.Service.Settings;

/// <summary>A key of a caller.</summary>
public sealed record KeySettings
{
    /// <summary>The handle that the audit names.</summary>
    public string Name { get; init; } = "";

    /// <summary>The file that holds it.</summary>
    public string? File { get; init; }

    /// <summary>The environment variable that holds it.</summary>
    public string? Environment { get; init; }
}
