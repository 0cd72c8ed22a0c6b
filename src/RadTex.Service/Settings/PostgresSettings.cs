using System.ComponentModel.DataAnnotations;

namespace RadTex.Service.Settings;

/// <summary>A PostgreSQL database of the queue's own, which several services may share. They share the spool's folder too.</summary>
public sealed record PostgresSettings
{
    /// <summary>The server's name or address, or the folder of its socket. Any other machine than this one is spoken to by TLS, verified.</summary>
    public string Host { get; init; } = "";

    /// <summary>The server's TCP port, also part of the name of its socket.</summary>
    [Range(1, 65535)]
    public int Port { get; init; } = 5432;

    /// <summary>The database, which must be there.</summary>
    public string Database { get; init; } = "radtex";

    /// <summary>The role it is opened as.</summary>
    public string User { get; init; } = "radtex";

    /// <summary>The user's password; null where the server asks for none.</summary>
    public SecretSettings? Password { get; init; }

    /// <summary>The authority of the server's certificate, PEM; null for those that the system trusts.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>Whether the server is on this machine.</summary>
    internal bool IsLocal => Path.IsPathRooted(Host) || Host == "localhost" || ServiceSettings.IsLoopback(Host);

    internal IEnumerable<string> Faults()
    {
        if (Host.Length == 0) yield return "postgres.host is empty (expected a name, an address, or the folder of a socket)";
        if (Database.Length == 0 || User.Length == 0) yield return "postgres.database and postgres.user are needed";
        if (Password is { } secret && (secret.File is null) == (secret.Environment is null))
            yield return "postgres.password needs a file or an environment variable";
    }
}
