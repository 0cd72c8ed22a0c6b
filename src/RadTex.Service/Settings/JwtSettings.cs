namespace RadTex.Service.Settings;

/// <summary>JSON web tokens: HS256 under a shared secret, or RS256 and ES256 under a public key.</summary>
public sealed record JwtSettings
{
    /// <summary>What a token's <c>iss</c> must be.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>What a token's <c>aud</c> must be.</summary>
    public string Audience { get; init; } = "";

    /// <summary>The file of the shared secret, 32 bytes or more.</summary>
    public string? File { get; init; }

    /// <summary>The environment variable of the shared secret.</summary>
    public string? Environment { get; init; }

    /// <summary>The signer's public key, PEM.</summary>
    public string? PublicKeyFile { get; init; }
}
