namespace RadTex.Service.Settings;

/// <summary>Where results go: one of an Orthanc server, a STOW-RS service and a folder.</summary>
public sealed record DestinationSettings
{
    /// <summary>The handle that audit and queue name: letters, digits, - and _, at most 32.</summary>
    public string Name { get; init; } = "";

    /// <summary>An Orthanc server's address.</summary>
    public string? Orthanc { get; init; }

    /// <summary>A DICOMweb service's address, of which <c>/studies</c> takes instances.</summary>
    public string? Stow { get; init; }

    /// <summary>A folder.</summary>
    public string? Folder { get; init; }

    /// <summary>The name of a user; null for none.</summary>
    public string? User { get; init; }

    /// <summary>The user's password; without a user, a bearer token.</summary>
    public SecretSettings? Password { get; init; }

    internal IEnumerable<string> Faults(string path)
    {
        if (Name.Length is 0 or > 32 || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            yield return $"{path}.name is no handle (expected letters, digits, - and _, at most 32)";
        if (new[] { Orthanc, Stow, Folder }.Count(s => s is not null) != 1) yield return $"{path} needs one of orthanc, stow and folder";
        if ((Orthanc ?? Stow) is { } address && !ServiceSettings.IsHttp(address))
            yield return $"{path} has no address (expected http:// or https://, without a user in it)";
        if (Password is { } secret && (secret.File is null) == (secret.Environment is null))
            yield return $"{path}.password needs a file or an environment variable";
    }
}
