using System.Text.Json;
using System.Text.Json.Nodes;

namespace RadTex.Files;

/// <summary>A file of settings that people write: JSON with comments, read with a bound, refused with all its faults together.</summary>
internal static class SettingsFile
{
    private const long LargestBytes = 1 << 20;

    /// <summary>The tree of a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="expected">What should be there, such as "a JSON file that holds what differs from a preset".</param>
    /// <exception cref="UserErrorException">There is no file, it is larger than a configuration is, or it is no JSON.</exception>
    internal static JsonNode? Read(string file, string expected)
    {
        if (!File.Exists(file)) throw new UserErrorException($"No configuration at {file}. Expected {expected}.");
        if (new FileInfo(file).Length > LargestBytes)
            throw new UserErrorException($"{file} is larger than {LargestBytes:N0} bytes; a configuration is far smaller.");
        return Parse(RegularFile.ReadAllText(file), file);
    }

    /// <summary>The tree of a text; null for JSON's null.</summary>
    /// <param name="text">JSON; comments and trailing commas may be in it.</param>
    /// <param name="origin">What messages call it.</param>
    /// <exception cref="UserErrorException">It is no JSON; the message has its line.</exception>
    internal static JsonNode? Parse(string text, string origin)
    {
        try { return JsonNode.Parse(text, documentOptions: JsonFormat.Commented); }
        catch (JsonException e)
        {
            var at = e.LineNumber is { } line ? $", line {line + 1}" : "";
            throw new UserErrorException(
                $"{origin}{at}, is no JSON: {e.Message.ReplaceLineEndings(" ").Split(" LineNumber:")[0].Split(" Path:")[0]}", e);
        }
    }

    /// <summary>The refusal of settings, with everything that is wrong.</summary>
    /// <param name="origin">What has the faults, such as the file's path.</param>
    /// <param name="faults">One or more, each without a full stop.</param>
    internal static UserErrorException Refusal(string origin, IReadOnlyCollection<string> faults) =>
        new($"{origin} has {(faults.Count == 1 ? "a fault" : $"{faults.Count} faults")}: {string.Join("; ", faults)}.");
}
