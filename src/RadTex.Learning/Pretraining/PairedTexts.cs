using System.Text.RegularExpressions;
using RadTex.Data;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Learning.Pretraining;

/// <summary>The texts of a dataset's training and validation radiographs as tokens: each report's sentences, or the report as one.</summary>
internal sealed partial class PairedTexts
{
    private const ulong SentenceStream = 0x53656E74; // "Sent"
    private const int FewestTokens = 5; // [CLS], [SEP] and three more (ConVIRT)

    private readonly int[][]?[] texts; // by radiograph; radiographs of a study share one array

    private PairedTexts(int[][]?[] texts) => this.texts = texts;

    /// <summary>Radiographs that have a text.</summary>
    internal int Radiographs => texts.Count(t => t is not null);

    /// <summary>Texts of all radiographs.</summary>
    internal int Count => texts.Sum(t => t?.Length ?? 0);

    /// <summary>
    /// Tokenises the training and validation splits. Sentences of fewer than three tokens are left out where a report has longer ones.
    /// </summary>
    /// <exception cref="UserErrorException">The training split has no text.</exception>
    internal static PairedTexts Make(PreparedDataset dataset, ReportTokenizer tokenizer, PairedText kind, CancellationToken cancellation)
    {
        var texts = new int[][]?[dataset.Count];
        var known = new Dictionary<string, int[][]>(StringComparer.Ordinal);
        foreach (int i in dataset.IndicesOf(Split.Train).Concat(dataset.IndicesOf(Split.Validate)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (dataset[i].Text is not { } report) continue;
            if (!known.TryGetValue(report, out var tokens))
            {
                int[][] all = kind == PairedText.Report ? [tokenizer.Encode(report)]
                    : [.. Sentence().Matches(report).Select(s => tokenizer.Encode(s.Value.Trim()))];
                var longer = all.Where(t => t.Length >= FewestTokens).ToArray();
                known.Add(report, tokens = longer.Length > 0 ? longer : [tokenizer.Encode(report)]);
            }
            texts[i] = tokens;
        }
        return dataset.IndicesOf(Split.Train).Any(i => texts[i] is not null) ? new(texts) : throw new UserErrorException(
            $"{dataset.Folder} has no text in its training split. Prepare it from a source with reports, or take an objective without.");
    }

    /// <summary>The radiographs of a split that have text, ascending.</summary>
    internal IReadOnlyList<int> IndicesOf(PreparedDataset dataset, Split split) => [.. dataset.IndicesOf(split).Where(i => texts[i] is not null)];

    /// <summary>A radiograph's text at a step, [CLS] first, drawn by the seed where it has several.</summary>
    internal int[] At(int radiograph, long seed, long step)
    {
        var own = texts[radiograph]!;
        return own.Length == 1 ? own[0]
            : own[new CounterRandom(CounterRandom.Hash((ulong)seed, (ulong)step, SentenceStream), (ulong)radiograph).Below(own.Length)];
    }

    [GeneratedRegex(@"[^.!?]+[.!?]*")]
    private static partial Regex Sentence();
}
