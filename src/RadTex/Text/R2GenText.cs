using System.Text.RegularExpressions;

namespace RadTex.Text;

/// <summary>
/// Reports as R2Gen's evaluation sees them (zhjohnchan/R2Gen, tokenizers.py; behaviour only): cleaned, rare words replaced, cut. Its
/// figures are higher than those of whole reports and serve comparison with the literature alone.
/// </summary>
public sealed partial class R2GenText
{
    /// <summary>R2Gen's settings for MIMIC-CXR: words seen at least 10 times, 100 words; for IU X-ray 3 and 60.</summary>
    public const int MimicThreshold = 10, MimicLength = 100;

    private const string Unknown = "<unk>";
    private readonly HashSet<string> known;
    private readonly int length;

    private R2GenText(HashSet<string> known, int length) => (this.known, this.length) = (known, length);

    /// <summary>Learns R2Gen's vocabulary: the words that are frequent enough in training reports.</summary>
    /// <param name="training">The reports of the training split.</param>
    /// <param name="threshold">Words seen less often are unknown.</param>
    /// <param name="length">Words after which a report is cut.</param>
    public static R2GenText From(IEnumerable<string> training, int threshold = MimicThreshold, int length = MimicLength) => new(
        [.. training.SelectMany(Clean).CountBy(word => word, StringComparer.Ordinal).Where(count => count.Value >= threshold)
            .Select(count => count.Key)], length);

    /// <summary>The words R2Gen scores.</summary>
    public IReadOnlyList<string> Words(string report) => [.. Clean(report).Take(length).Select(word => known.Contains(word) ? word : Unknown)];

    /// <summary>Lower case, without list numbers and punctuation; sentences joined, and ended, by a full stop that is a word.</summary>
    internal static IReadOnlyList<string> Clean(string report)
    {
        var text = Runs().Replace(report.ReplaceLineEndings(" "), match => match.Value[..1]);
        text = ListNumber().Replace(text, "$1");
        var sentences = text.Trim().ToLowerInvariant().Split(". ")
            .Select(s => Punctuation().Replace(s, "").Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return [.. sentences.Where(words => words.Length > 0).SelectMany(words => words.Append("."))];
    }

    [GeneratedRegex(@"_{2,}| {2,}|\.{2,}")]
    private static partial Regex Runs();

    [GeneratedRegex(@"(^|\. |\s)[1-9]\. ")]
    private static partial Regex ListNumber();

    [GeneratedRegex("""[.,?;*!%^&_+():\-\[\]{}"/\\']""")]
    private static partial Regex Punctuation();
}
