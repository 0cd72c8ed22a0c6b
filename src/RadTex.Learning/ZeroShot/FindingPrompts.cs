using RadTex.Files;

namespace RadTex.Learning.ZeroShot;

/// <summary>What is said where a finding is there and where it is not: as many denials as statements, each pair of one template.</summary>
/// <param name="Finding">As the dataset names it.</param>
/// <param name="Present">Statements.</param>
/// <param name="Absent">Their denials, in the same order.</param>
internal sealed record FindingPrompts(string Finding, IReadOnlyList<string> Present, IReadOnlyList<string> Absent)
{
    private const int MostTexts = 64;

    /// <summary>All texts that are asked.</summary>
    public int Count => Present.Count + Absent.Count;

    private static readonly (string Present, string Absent)[] Templates =
        [("{0}.", "no {0}."), ("there is {0}.", "there is no {0}."), ("findings of {0}.", "no evidence of {0}.")];

    /// <summary>The built-in templates over a finding's name in small letters.</summary>
    public static FindingPrompts Of(string finding)
    {
        string Fill(string template) => template.Replace("{0}", finding.Trim().ToLowerInvariant(), StringComparison.Ordinal);
        return new(finding, [.. Templates.Select(t => Fill(t.Present))], [.. Templates.Select(t => Fill(t.Absent))]);
    }

    /// <summary>The prompts of findings: those of a file where it has them, else the built-in ones.</summary>
    /// <param name="findings">As the dataset names them.</param>
    /// <param name="file">A JSON object <c>{ "Edema": { "present": ["..."], "absent": ["..."] } }</c>; null for none.</param>
    /// <exception cref="UserErrorException">The file is none, names another finding, or the texts of one do not pair.</exception>
    public static IReadOnlyList<FindingPrompts> Read(IReadOnlyList<string> findings, string? file)
    {
        if (file is null) return [.. findings.Select(Of)];
        if (!File.Exists(file))
            throw new UserErrorException($"No prompts at {file}. Expected a JSON file of findings, each with \"present\" and \"absent\" texts.");
        var own = new Dictionary<string, Texts>(
            JsonFile.Read<Dictionary<string, Texts>>(
                file, "file of prompts", cure: "Expected { \"FINDING\": { \"present\": [...], \"absent\": [...] } }."),
            StringComparer.OrdinalIgnoreCase);
        if (own.Keys.FirstOrDefault(name => !findings.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } stray)
            throw new UserErrorException($"{file} has prompts of '{PrintableText.Of(stray)}'; asked for are {string.Join(", ", findings)}.");
        return [.. findings.Select(finding => own.TryGetValue(finding, out var texts) ? OfFile(finding, texts, file) : Of(finding))];
    }

    private static FindingPrompts OfFile(string finding, Texts texts, string file)
    {
        bool AreGood(IReadOnlyList<string>? of) => of is { Count: > 0 and <= MostTexts } && of.All(t => !string.IsNullOrWhiteSpace(t));
        if (!AreGood(texts.Present) || !AreGood(texts.Absent) || texts.Present!.Count != texts.Absent!.Count)
            throw new UserErrorException(
                $"{file}: '{PrintableText.Of(finding)}' has {texts.Present?.Count ?? 0} texts 'present' and "
                    + $"{texts.Absent?.Count ?? 0} 'absent' (expected "
                    + $"as many of both, 1 to {MostTexts}, none empty).");
        return new(finding, texts.Present, texts.Absent);
    }

    private sealed record Texts(IReadOnlyList<string>? Present, IReadOnlyList<string>? Absent);
}
