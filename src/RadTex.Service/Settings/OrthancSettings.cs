using System.ComponentModel.DataAnnotations;

namespace RadTex.Service.Settings;

/// <summary>An Orthanc server whose changes are followed and which gets the results.</summary>
public sealed record OrthancSettings
{
    /// <summary>What it is called among the destinations.</summary>
    internal const string DestinationName = "orthanc";

    public string Url { get; init; } = "";

    public string? User { get; init; }

    public SecretSettings? Password { get; init; }

    /// <summary>How often it is asked where nothing is new.</summary>
    [Range(0.05, 3600)]
    public double PollSeconds { get; init; } = 1;

    /// <summary>Whether results are stored back.</summary>
    public bool StoreBack { get; init; } = true;

    /// <summary>It as a destination.</summary>
    internal DestinationSettings Server => new() { Name = DestinationName, Orthanc = Url, User = User, Password = Password };
}
