namespace RadTex.Service.Settings;

/// <summary>Who may ask. Without keys and tokens everyone who reaches the loopback address.</summary>
public sealed record AccessSettings
{
    /// <summary>Keys of callers, each a handle and where its secret is; none where tokens alone are taken.</summary>
    public IReadOnlyList<KeySettings> Keys { get; init; } = [];

    /// <summary>Whose JSON web tokens are taken; null for none.</summary>
    public JwtSettings? Jwt { get; init; }

    internal bool IsOpen => Keys.Count == 0 && Jwt is null;

    internal IEnumerable<string> Faults()
    {
        foreach (var (i, key) in Keys.Index())
        {
            if (key.Name.Length is 0 or > 32 || !key.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
                yield return $"access.keys.{i}.name is no handle (expected letters, digits, - and _, at most 32)";
            if ((key.File is null) == (key.Environment is null)) yield return $"access.keys.{i} needs a file or an environment variable";
        }
        if (Keys.Select(k => k.Name).Distinct().Count() < Keys.Count) yield return "access.keys has a name twice";
        if (Jwt is { } jwt && new[] { jwt.File, jwt.Environment, jwt.PublicKeyFile }.Count(s => s is not null) != 1)
            yield return "access.jwt needs one of file, environment and public_key_file";
    }
}
