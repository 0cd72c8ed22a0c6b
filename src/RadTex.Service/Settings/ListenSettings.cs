using System.ComponentModel.DataAnnotations;
using System.Net;

namespace RadTex.Service.Settings;

/// <summary>Where the service listens. Anything but the loopback address needs keys or tokens, and TLS or a proxy that ends it.</summary>
public sealed record ListenSettings
{
    /// <summary>An IP address.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 8350;

    /// <summary>A certificate with its chain, PEM; null for none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Its key, PEM.</summary>
    public string? CertificateKeyFile { get; init; }

    /// <summary>Whether a proxy before the service ends TLS.</summary>
    public bool BehindProxy { get; init; }

    /// <summary>Names that requests may call the service by, besides the address and, on the loopback address, localhost.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    internal IEnumerable<string> Faults(AccessSettings access)
    {
        if (!IPAddress.TryParse(Address, out _)) yield return $"listen.address is '{Address}' (expected an IP address, such as 127.0.0.1)";
        if ((CertificateFile is null) != (CertificateKeyFile is null))
            yield return "listen.certificate_file and listen.certificate_key_file go together";
        if (ServiceSettings.IsLoopback(Address)) yield break;
        if (access.IsOpen) yield return $"listen.address is {Address}, which others reach: access.keys or access.jwt is needed";
        if (CertificateFile is null && !BehindProxy)
            yield return $"listen.address is {Address}, which others reach: listen.certificate_file is needed, or listen.behind_proxy";
        if (Hosts.Count == 0 && IPAddress.Any.ToString() == Address)
            yield return "listen.hosts is empty (expected the names by which the service is called)";
    }
}
