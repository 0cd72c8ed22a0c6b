using System.Collections.Concurrent;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace RadTex.Text;

/// <summary>
/// From a caption to token ids and back: BERT's words (<see cref="BertWords"/>), WordPiece by greedy longest match, [CLS] before
/// and [SEP] after. Safe to share between threads.
/// </summary>
public sealed class ReportTokenizer
{
    /// <summary>The paper's longest caption, [CLS] and [SEP] included.</summary>
    public const int DefaultMaxTokens = 170;

    /// <summary>A word of more characters is [UNK]: Hugging Face's limit (Google's own code has 200).</summary>
    public const int DefaultMaxWordCharacters = 100;

    private const int MaxCachedWords = 200_000; // reports repeat their words; a bound for those that do not

    private readonly WordPieceTokenizer wordPiece;
    private readonly ConcurrentDictionary<string, int[]> cache = new(StringComparer.Ordinal);
    private readonly int[] unknownWord;
    private readonly int maxWordCharacters;

    /// <summary>Makes a tokenizer over a vocabulary.</summary>
    /// <param name="vocabulary">The pieces.</param>
    /// <param name="maxTokens">The longest caption in tokens, [CLS] and [SEP] included; at least 2.</param>
    /// <param name="keepEnd">
    /// Whether a cut caption still ends with [SEP]. False is VirTex's way: the cut takes the end token too, so that the model does
    /// not learn to stop in mid-sentence.
    /// </param>
    /// <param name="maxWordCharacters">A word of more characters (code points) is [UNK].</param>
    public ReportTokenizer(
        WordPieceVocabulary vocabulary,
        int maxTokens = DefaultMaxTokens,
        bool keepEnd = false,
        int maxWordCharacters = DefaultMaxWordCharacters)
    {
        if (maxTokens < 2) throw new UserErrorException($"The longest caption is {maxTokens} tokens; expected at least 2, for [CLS] and [SEP].");
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWordCharacters, 1);
        Vocabulary = vocabulary;
        MaxTokens = maxTokens;
        KeepEnd = keepEnd;
        this.maxWordCharacters = maxWordCharacters;
        unknownWord = [vocabulary.UnknownId];
        using var lines = vocabulary.OpenLines();
        wordPiece = WordPieceTokenizer.Create(lines, new WordPieceOptions
        {
            UnknownToken = WordPieceVocabulary.UnknownPiece,
            ContinuingSubwordPrefix = WordPieceVocabulary.Continuation,
            MaxInputCharsPerWord = 2 * maxWordCharacters, // it counts UTF-16 units; the limit in characters is checked here
        });
    }

    /// <summary>The pieces and their ids.</summary>
    public WordPieceVocabulary Vocabulary { get; }

    /// <summary>The longest caption in tokens, [CLS] and [SEP] included.</summary>
    public int MaxTokens { get; }

    /// <summary>Whether a cut caption still ends with [SEP].</summary>
    public bool KeepEnd { get; }

    /// <summary>The caption's ids: [CLS], its pieces, [SEP], cut on the right at <see cref="MaxTokens"/>.</summary>
    public int[] Encode(string caption) => Cut(EncodeWhole(caption));

    /// <summary>The caption's ids, uncut: [CLS], its pieces, [SEP].</summary>
    public int[] EncodeWhole(string caption)
    {
        var ids = new List<int> { Vocabulary.StartId };
        foreach (var word in BertWords.Split(caption)) ids.AddRange(Pieces(word));
        ids.Add(Vocabulary.EndId);
        return [.. ids];
    }

    /// <summary>Cuts whole ids at <see cref="MaxTokens"/>; with <see cref="KeepEnd"/> the last one kept becomes [SEP].</summary>
    public int[] Cut(int[] wholeIds)
    {
        if (wholeIds.Length <= MaxTokens) return wholeIds;
        var ids = wholeIds[..MaxTokens];
        if (KeepEnd) ids[^1] = Vocabulary.EndId;
        return ids;
    }

    /// <summary>
    /// The words of the ids, joined by spaces, up to the first [SEP]: pieces that start with "##" are joined to the piece before
    /// them; [CLS], [PAD] and [MASK] are left out, [UNK] stands as itself.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)Vocabulary.Count)
                throw new ArgumentOutOfRangeException(
                    nameof(ids), id, $"an id outside [0, {Vocabulary.Count}): were they made with another vocabulary?");
            if (id == Vocabulary.EndId) break;
            var piece = Vocabulary[id];
            if (id == Vocabulary.StartId || id == WordPieceVocabulary.PadId || piece == WordPieceVocabulary.MaskPiece) continue;
            bool continues = piece.Length > 2 && piece.StartsWith(WordPieceVocabulary.Continuation, StringComparison.Ordinal);
            if (!continues && text.Length > 0) text.Append(' ');
            text.Append(continues ? piece.AsSpan(2) : piece);
        }
        return text.ToString();
    }

    private int[] Pieces(string word)
    {
        if (cache.TryGetValue(word, out var pieces)) return pieces;
        pieces = word.EnumerateRunes().Count() > maxWordCharacters
            ? unknownWord
            : [.. wordPiece.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false)];
        if (cache.Count < MaxCachedWords) cache.TryAdd(word, pieces);
        return pieces;
    }
}
