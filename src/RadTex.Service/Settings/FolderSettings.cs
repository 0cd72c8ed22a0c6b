using System.ComponentModel.DataAnnotations;

namespace RadTex.Service.Settings;

/// <summary>A folder that is watched. A file that does not change for a while is taken, answered, and moved.</summary>
public sealed record FolderSettings
{
    /// <summary>The folder that is watched.</summary>
    public string Path { get; init; } = "inbox";

    /// <summary>Where what was answered goes, with its answer as JSON beside it.</summary>
    public string Done { get; init; } = "done";

    /// <summary>Where what was refused goes.</summary>
    public string Refused { get; init; } = "refused";

    /// <summary>How often it is looked into; a file must be the same twice.</summary>
    [Range(0.05, 3600)]
    public double PollSeconds { get; init; } = 2;
}
