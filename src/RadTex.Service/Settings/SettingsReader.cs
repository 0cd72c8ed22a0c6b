using System.Text.Json;
using System.Text.Json.Nodes;
using RadTex.Files;

namespace RadTex.Service.Settings;

/// <summary>Reads <c>serve.json</c> (JSON with comments). Unknown keys are faults, and all faults are told together.</summary>
public static class SettingsReader
{
    /// <summary>The settings, every path made whole.</summary>
    /// <exception cref="UserErrorException">Anything is wrong; the message lists everything.</exception>
    public static ServiceSettings Read(string file) =>
        Settings(SettingsFile.Read(file, "a JSON file; {} takes every default"), Path.GetDirectoryName(Path.GetFullPath(file))!, file);

    internal static ServiceSettings Parse(string text, string folder, string origin) => Settings(SettingsFile.Parse(text, origin), folder, origin);

    private static ServiceSettings Settings(JsonNode? tree, string folder, string origin)
    {
        var faults = new List<string>();
        SettingsTree.Find(tree, typeof(ServiceSettings), "", faults);
        if (faults.Count == 0)
        {
            var settings = tree.Deserialize<ServiceSettings>(JsonFormat.StrictLine)!;
            faults.AddRange(settings.Faults());
            if (faults.Count == 0) return settings.In(folder);
        }
        throw SettingsFile.Refusal($"The configuration {origin}", faults);
    }
}
