using RadTex.Data;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Learning.Pretraining;

/// <summary>The captions of a dataset's training and validation radiographs as tokens, made when a run starts.</summary>
public sealed class CaptionTokens
{
    private readonly int[]?[] captions; // by radiograph; radiographs of a study share one array

    private CaptionTokens(int[]?[] captions, TokenStatistics statistics) => (this.captions, Statistics) = (captions, statistics);

    /// <summary>Of the training split's captions, one a radiograph.</summary>
    public TokenStatistics Statistics { get; }

    /// <summary>A radiograph's tokens, [CLS] first.</summary>
    /// <exception cref="InvalidOperationException">It has no text, or is of the test split.</exception>
    public int[] this[int radiograph] => captions[radiograph] ?? throw new InvalidOperationException($"radiograph {radiograph} has no tokens");

    /// <summary>How often each word of a vocabulary stands in the captions of some radiographs.</summary>
    internal long[] Count(IEnumerable<int> radiographs, int words)
    {
        var counts = new long[words];
        foreach (int radiograph in radiographs)
            foreach (int token in this[radiograph]) counts[token]++;
        return counts;
    }

    /// <summary>The radiographs of a split that have text, ascending.</summary>
    public IReadOnlyList<int> IndicesOf(PreparedDataset dataset, Split split) => [.. dataset.IndicesOf(split).Where(i => captions[i] is not null)];

    /// <summary>Tokenises the training and validation splits.</summary>
    /// <exception cref="UserErrorException">The training split has no text.</exception>
    public static CaptionTokens Make(PreparedDataset dataset, ReportTokenizer tokenizer, CancellationToken cancellation = default)
    {
        var captions = new int[]?[dataset.Count];
        var known = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (int i in dataset.IndicesOf(Split.Train).Concat(dataset.IndicesOf(Split.Validate)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (dataset[i].Text is not { } text) continue;
            if (!known.TryGetValue(text, out var tokens)) known.Add(text, tokens = tokenizer.Encode(text));
            captions[i] = tokens;
        }
        var training = dataset.IndicesOf(Split.Train).Where(i => captions[i] is not null).ToList();
        if (training.Count == 0)
            throw new UserErrorException(
                $"{dataset.Folder} has no text in its training split. Prepare it from a source with reports, or with another "
                    + "policy: the setting 'text'.");
        return new(captions, TokenStatistics.Measure(tokenizer, training.Select(i => dataset[i].Text!), cancellation));
    }
}
