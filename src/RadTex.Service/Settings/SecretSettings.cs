using RadTex.Files;

namespace RadTex.Service.Settings;

/// <summary>Where a secret is: in a file or in an environment variable. Never on a command line, where every process sees it.</summary>
public sealed record SecretSettings
{
    private const long LargestBytes = 1 << 14;

    /// <summary>The file whose text is the secret, at most 16 KiB; null where a variable is named.</summary>
    public string? File { get; init; }

    /// <summary>The environment variable that holds the secret; null where a file is named.</summary>
    public string? Environment { get; init; }

    /// <summary>Reads it, without white space at its ends.</summary>
    /// <exception cref="UserErrorException">It is not there, or shorter than <paramref name="shortest"/>.</exception>
    internal static string Read(string? file, string? variable, string setting, int shortest = 1)
    {
        string? text = null;
        if (file is not null)
        {
            if (!System.IO.File.Exists(file))
                throw new UserErrorException($"{setting}: there is no file {file}. Expected one that holds the secret.");
            if (new FileInfo(file).Length > LargestBytes) throw new UserErrorException($"{setting}: {file} is too large for a secret.");
            text = RegularFile.ReadAllText(file).Trim();
        }
        else if (variable is not null) text = System.Environment.GetEnvironmentVariable(variable)?.Trim();
        if (text is null) throw new UserErrorException($"{setting}: the environment variable {variable} is not set.");
        return text.Length >= shortest ? text
            : throw new UserErrorException($"{setting}: the secret has {text.Length} characters. Expected {shortest} or more.");
    }

    internal string Read(string setting) => Read(File, Environment, setting);
}
