using System.ComponentModel.DataAnnotations;

namespace RadTex.Service.Settings;

/// <summary>An Orthanc server whose changes are followed and which gets the results.</summary>
public sealed record OrthancSettings
{
    /// <summary>What it is called among the destinations.</summary>
    internal const string DestinationName = "orthanc";

    /// <summary>The server's address, http:// or https://, without a user in it.</summary>
    public string Url { get; init; } = "";

    /// <summary>The user's name; null where the server asks for none.</summary>
    public string? User { get; init; }

    /// <summary>The user's password; null where the server asks for none.</summary>
    public SecretSettings? Password { get; init; }

    /// <summary>How often it is asked where nothing is new.</summary>
    [Range(0.05, 3600)]
    public double PollSeconds { get; init; } = 1;

    /// <summary>Whether results are stored back.</summary>
    public bool StoreBack { get; init; } = true;

    /// <summary>It as a destination.</summary>
    internal DestinationSettings Server => new() { Name = DestinationName, Orthanc = Url, User = User, Password = Password };
}
