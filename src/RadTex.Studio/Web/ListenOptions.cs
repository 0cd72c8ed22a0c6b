using System.Net;

namespace RadTex.Studio.Web;

/// <summary>
/// Where the studio listens, and how readers are known there. By itself it is this machine alone, and an address lets a reader in once.
/// </summary>
/// <param name="Port">0 for a free one.</param>
public sealed record ListenOptions(int Port = 0)
{
    /// <summary>The address of this machine; any but the loopback one needs passwords or a proxy.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Names by which browsers reach it, such as a host's or a proxy's: others are refused.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Readers' passwords; null for none.</summary>
    public ReaderPasswords? Passwords { get; init; }

    /// <summary>Addresses of proxies whose word is taken for who reads.</summary>
    public IReadOnlyList<IPAddress> Proxies { get; init; } = [];

    /// <summary>The header in which they say it; null for none.</summary>
    public string? ProxyHeader { get; init; }

    /// <summary>Whether others than this machine can reach it.</summary>
    public bool IsOpen => !IPAddress.IsLoopback(Address);

    /// <summary>Whether what is sent may be read on the way: nothing here encrypts, a proxy in front may.</summary>
    public bool IsReadable => IsOpen && Proxies.Count == 0;

    /// <exception cref="UserErrorException">Anyone could get in, or no browser could.</exception>
    internal void Require(IReadOnlyList<string> readers)
    {
        if (Proxies.Count > 0 != ProxyHeader is not null)
            throw new UserErrorException("A proxy says who reads in a header: expected the setting 'proxy' with the setting 'proxy-header'.");
        if (IsOpen && Passwords is null && ProxyHeader is null)
            throw new UserErrorException(
                "Others than this machine could reach the studio, and nothing would tell who they are. Expected the setting 'passwords' = a file of "
                    + "readers' passwords, or a proxy that says who reads.");
        if ((Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any)) && Hosts.Count == 0)
            throw new UserErrorException("Listening on every address needs the names that browsers use: expected the setting 'hosts'.");
        if (Passwords is not null && readers.Where(r => !Passwords.Has(r)).ToArray() is { Length: > 0 } lacking)
            throw new UserErrorException(
                $"{Passwords.Path} has no password of {string.Join(", ", lacking)}. Set one for each reader, or leave the reader out.");
    }
}
