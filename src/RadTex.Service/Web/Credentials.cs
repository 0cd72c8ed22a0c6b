using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RadTex.Files;
using RadTex.Service.Settings;

namespace RadTex.Service.Web;

/// <summary>
/// The keys and tokens that let callers in: a key as bearer token, as <c>X-API-Key</c> or as a basic password; a token as bearer token.
/// </summary>
internal sealed class Credentials : IDisposable
{
    private const int ShortestKey = 16, ShortestSecret = 32, LongestHeader = 8192, LongestName = 64;

    private readonly (string Name, byte[] Hash)[] keys;
    private readonly TokenValidationParameters? tokens;
    private readonly AsymmetricAlgorithm? publicKey;

    /// <exception cref="UserErrorException">A secret is missing or too short.</exception>
    internal Credentials(AccessSettings settings)
    {
        keys = [.. settings.Keys.Select(k => (k.Name, SHA256.HashData(Encoding.UTF8.GetBytes(
            SecretSettings.Read(k.File, k.Environment, $"access.keys, {k.Name}", ShortestKey)))))];
        if (settings.Jwt is not { } jwt) return;
        var (key, algorithms) = KeyOf(jwt, out publicKey);
        tokens = new()
        {
            ValidIssuer = jwt.Issuer,
            ValidAudience = jwt.Audience,
            IssuerSigningKey = key,
            ValidAlgorithms = algorithms,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Whether everyone is let in.</summary>
    internal bool IsOpen => keys.Length == 0 && tokens is null;

    /// <summary>Whose request it is; null for nobody's who is known.</summary>
    internal async Task<string?> NameOfAsync(HttpRequest request)
    {
        if (Secret(request) is not { Length: > 0 and <= LongestHeader } secret) return null;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        string? name = null;
        foreach (var (known, expected) in keys) // all of them: the time tells nothing
            if (CryptographicOperations.FixedTimeEquals(hash, expected)) name = known;
        if (name is not null || tokens is null || secret.Count(c => c == '.') != 2) return name;
        var result = await new JsonWebTokenHandler
        {
            MaximumTokenSizeInBytes = LongestHeader,
        }.ValidateTokenAsync(secret, tokens).ConfigureAwait(false);
        return result.IsValid ? NameOf((result.SecurityToken as JsonWebToken)?.Subject) : null;
    }

    public void Dispose() => publicKey?.Dispose();

    private static string? Secret(HttpRequest request)
    {
        if ((string?)request.Headers["X-API-Key"] is { } key) return key;
        if ((string?)request.Headers.Authorization is not { Length: <= LongestHeader } header) return null;
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return header["Bearer ".Length..].Trim();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..].Trim()));
            return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
        }
        catch (FormatException) { return null; }
    }

    // A subject is a text of the signer's: a handle is named, anything else by its hash.
    private static string NameOf(string? subject) => subject is null ? "token"
        : subject.Length <= LongestName && subject.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? subject
        : "token " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)))[..16];

    private static (SecurityKey Key, string[] Algorithms) KeyOf(JwtSettings jwt, out AsymmetricAlgorithm? disposable)
    {
        disposable = null;
        if (jwt.PublicKeyFile is not { } file)
            return (new SymmetricSecurityKey(Encoding.UTF8.GetBytes(SecretSettings.Read(jwt.File, jwt.Environment, "access.jwt", ShortestSecret))),
                [SecurityAlgorithms.HmacSha256]);
        var pem = File.Exists(file) ? RegularFile.ReadAllText(file) : throw new UserErrorException($"access.jwt: there is no file {file}.");
        try
        {
            var rsa = RSA.Create();
            disposable = rsa;
            rsa.ImportFromPem(pem);
            return (new RsaSecurityKey(rsa), [SecurityAlgorithms.RsaSha256]);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException) { disposable?.Dispose(); }
        try
        {
            var curve = ECDsa.Create();
            disposable = curve;
            curve.ImportFromPem(pem);
            return (new ECDsaSecurityKey(curve), [SecurityAlgorithms.EcdsaSha256]);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            disposable?.Dispose();
            throw new UserErrorException($"access.jwt: {file} holds no public key of RSA or of an elliptic curve. Expected PEM.", e);
        }
    }
}
