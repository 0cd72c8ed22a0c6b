using System.Runtime.InteropServices;

namespace RadTex.Text;

/// <summary>
/// Builds a WordPiece vocabulary from texts: every character seen, then pieces joined by byte-pair merges, the most frequent pair
/// first (Sennrich et al. 2016, over BERT's words with "##" continuations).
/// </summary>
/// <remarks>
/// The result follows from the texts alone, in any order of theirs: ties between pairs go to the pair that sorts first. Every
/// character of the texts is in the vocabulary, so that none of their words is [UNK] (but words over the tokenizer's limit of
/// <see cref="ReportTokenizer.DefaultMaxWordCharacters"/> characters, which are left out). Ids: [PAD] 0, [UNK] 1, [CLS] 2,
/// [SEP] 3, [MASK] 4, then characters in order of their code, then pieces in order of their making. Memory grows with the number
/// of different words, not with the corpus.
/// </remarks>
public sealed class VocabularyBuilder
{
    private static readonly string[] Specials =
    [
        WordPieceVocabulary.PadPiece, WordPieceVocabulary.UnknownPiece, WordPieceVocabulary.StartPiece,
        WordPieceVocabulary.EndPiece, WordPieceVocabulary.MaskPiece,
    ];

    /// <summary>A pair seen less often is not joined.</summary>
    public const int DefaultMinFrequency = 2;

    private readonly List<string> pieces = [];                                    // by symbol
    private readonly Dictionary<string, int> symbols = new(StringComparer.Ordinal); // a piece's symbol
    private readonly List<(int[] Symbols, long Count)> words = [];
    private readonly Dictionary<(int Left, int Right), long> pairCounts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> pairWords = [];
    private readonly PriorityQueue<(int Left, int Right), Rank> queue = new();

    private VocabularyBuilder() { }

    /// <summary>Builds the vocabulary of the texts.</summary>
    /// <param name="texts">The corpus, read once.</param>
    /// <param name="size">The most pieces, specials included; fewer where no pair is left that occurs often enough.</param>
    /// <param name="minFrequency">A pair seen less often is not joined.</param>
    /// <param name="progress">Told about both stages: "reading" and "joining".</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="UserErrorException">The texts hold no word, or more different characters than <paramref name="size"/> has room
    /// for.</exception>
    public static WordPieceVocabulary Build(
        IEnumerable<string> texts,
        int size,
        int minFrequency = DefaultMinFrequency,
        IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        if (size < Specials.Length + 1 || size > WordPieceVocabulary.MaxPieces)
            throw new UserErrorException(
                $"A vocabulary of {size:N0} pieces was asked for; expected {Specials.Length + 1} to {WordPieceVocabulary.MaxPieces:N0}.");
        if (minFrequency < 1) throw new UserErrorException($"The least frequency is {minFrequency}; expected 1 or more.");
        var builder = new VocabularyBuilder();
        builder.AddWords(CountWords(texts, progress, cancellation));
        int characters = builder.pieces.Count;
        if (characters == 0) throw new UserErrorException("The texts hold no word to build a vocabulary from. Are the right files and column named?");
        if (characters + Specials.Length > size)
            throw new UserErrorException(
                $"The texts have {characters:N0} different characters (first and inner places counted apart), which with "
                    + $"{Specials.Length} special pieces "
                + $"need {characters + Specials.Length:N0} pieces; {size:N0} were asked for. Ask for a larger size.");
        builder.JoinPairs(size - Specials.Length, minFrequency, progress, cancellation);
        return WordPieceVocabulary.FromPieces(Specials.Concat(builder.pieces));
    }

    private static Dictionary<string, long> CountWords(IEnumerable<string> texts, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        long read = 0;
        foreach (var text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var word in BertWords.Split(text))
            {
                if (word.Length <= ReportTokenizer.DefaultMaxWordCharacters) CollectionsMarshal.GetValueRefOrAddDefault(counts, word, out _)++;
            }
            if (++read % 1_000 == 0) progress?.Report(new ProgressReport("reading", read, 0, "texts"));
        }
        return counts;
    }

    /// <summary>Takes every word apart into its characters and counts the pairs.</summary>
    private void AddWords(Dictionary<string, long> counts)
    {
        string[] sorted = [.. counts.Keys];
        Array.Sort(sorted, StringComparer.Ordinal); // so that symbols do not depend on the order of the texts
        string[][] split = Array.ConvertAll(sorted, Characters);
        foreach (var piece in split.SelectMany(c => c).Distinct().Order(StringComparer.Ordinal)) SymbolOf(piece);
        for (int w = 0; w < sorted.Length; w++)
        {
            words.Add((Array.ConvertAll(split[w], SymbolOf), counts[sorted[w]]));
            CountPairs(w, sign: 1);
        }
        foreach (var (pair, count) in pairCounts) queue.Enqueue(pair, RankOf(pair, count));
    }

    private static string[] Characters(string word) =>
        [.. word.EnumerateRunes().Select((rune, i) => i == 0 ? rune.ToString() : WordPieceVocabulary.Continuation + rune)];

    private void JoinPairs(int size, int minFrequency, IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        while (pieces.Count < size && queue.TryDequeue(out var pair, out var rank))
        {
            cancellation.ThrowIfCancellationRequested();
            long count = pairCounts.GetValueOrDefault(pair);
            if (count != rank.Count) // counts fall as other pairs are joined: the entry is stale
            {
                if (count >= minFrequency) queue.Enqueue(pair, RankOf(pair, count));
                continue;
            }
            if (count < minFrequency) break;
            int joined = SymbolOf(pieces[pair.Left] + pieces[pair.Right][WordPieceVocabulary.Continuation.Length..]);
            var grown = new HashSet<(int, int)>();
            int[] affected = [.. pairWords[pair].Order()];
            foreach (int w in affected)
            {
                CountPairs(w, sign: -1);
                words[w] = (Join(words[w].Symbols, pair, joined), words[w].Count);
                CountPairs(w, sign: 1);
                foreach (var p in PairsOf(words[w].Symbols))
                {
                    if (p.Left == joined || p.Right == joined) grown.Add(p);
                }
            }
            foreach (var p in grown) queue.Enqueue(p, RankOf(p, pairCounts[p]));
            if (pieces.Count % 100 == 0) progress?.Report(new ProgressReport("joining", pieces.Count, size, "pieces"));
        }
        // often fewer than asked for: no pair is left that comes twice
        progress?.Report(new ProgressReport("joining", pieces.Count, pieces.Count, "pieces"));
    }

    /// <summary>Adds a word's pairs to the counts, or takes them away before the word changes.</summary>
    private void CountPairs(int word, int sign)
    {
        var (parts, count) = words[word];
        foreach (var pair in PairsOf(parts))
        {
            ref long total = ref CollectionsMarshal.GetValueRefOrAddDefault(pairCounts, pair, out _);
            total += sign * count;
            ref var holders = ref CollectionsMarshal.GetValueRefOrAddDefault(pairWords, pair, out _);
            holders ??= [];
            if (sign > 0) holders.Add(word);
            else holders.Remove(word);
        }
    }

    private static IEnumerable<(int Left, int Right)> PairsOf(int[] parts)
    {
        for (int i = 0; i + 1 < parts.Length; i++) yield return (parts[i], parts[i + 1]);
    }

    private static int[] Join(int[] parts, (int Left, int Right) pair, int joined)
    {
        var result = new List<int>(parts.Length);
        for (int i = 0; i < parts.Length; i++)
        {
            bool isPair = i + 1 < parts.Length && parts[i] == pair.Left && parts[i + 1] == pair.Right;
            result.Add(isPair ? joined : parts[i]);
            if (isPair) i++;
        }
        return [.. result];
    }

    /// <summary>The symbol of a piece; two pairs may join to the same piece, which is then one symbol.</summary>
    private int SymbolOf(string piece)
    {
        if (symbols.TryGetValue(piece, out int symbol)) return symbol;
        symbols.Add(piece, pieces.Count);
        pieces.Add(piece);
        return pieces.Count - 1;
    }

    private Rank RankOf((int Left, int Right) pair, long count) => new(count, pieces[pair.Left], pieces[pair.Right]);

    /// <summary>The most frequent pair comes first; among equals, the one that sorts first.</summary>
    private readonly record struct Rank(long Count, string Left, string Right) : IComparable<Rank>
    {
        public int CompareTo(Rank other)
        {
            int order = other.Count.CompareTo(Count);
            if (order == 0) order = string.CompareOrdinal(Left, other.Left);
            return order != 0 ? order : string.CompareOrdinal(Right, other.Right);
        }
    }
}
