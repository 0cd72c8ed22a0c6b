namespace RadTex.Text;

/// <summary>
/// Turns ids into a text as one writes it: pieces joined to words, punctuation set close, a capital at the start of a sentence. What
/// lower-casing lost elsewhere (PICC, AP) stays lost.
/// </summary>
public static class Detokenizer
{
    /// <summary>The words of the ids up to the first [SEP]; [CLS], [PAD] and [MASK] are left out, [UNK] stands as itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public static IReadOnlyList<TextWord> Words(WordPieceVocabulary vocabulary, ReadOnlySpan<int> ids)
    {
        var words = new List<TextWord>();
        for (int i = 0; i < ids.Length && ids[i] != vocabulary.EndId; i++)
        {
            if ((uint)ids[i] >= (uint)vocabulary.Count)
                throw new ArgumentOutOfRangeException(
                    nameof(ids), ids[i], $"an id outside [0, {vocabulary.Count}): were they made with another vocabulary?");
            var piece = vocabulary[ids[i]];
            if (ids[i] == vocabulary.StartId || ids[i] == WordPieceVocabulary.PadId || piece == WordPieceVocabulary.MaskPiece) continue;
            bool continues = piece.Length > 2 && piece.StartsWith(WordPieceVocabulary.Continuation, StringComparison.Ordinal);
            if (words.Count > 0 && (continues || piece == "_" && words[^1].Text[^1] == '_')) // "___" is three tokens
                words[^1] = words[^1] with { Text = words[^1].Text + piece[(continues ? 2 : 0)..], Tokens = i + 1 - words[^1].FirstToken };
            else words.Add(new(continues ? piece[2..] : piece, true, i, 1));
        }
        for (int w = 0; w < words.Count; w++)
            words[w] = words[w] with
            {
                Text = StartsSentence(words, w) ? Capital(words[w].Text) : words[w].Text,
                SpaceBefore = w > 0 && IsApart(words, w),
            };
        return words;
    }

    /// <summary>The text of words.</summary>
    public static string Join(IEnumerable<TextWord> words) => string.Concat(words.Select(word => word.SpaceBefore ? " " + word.Text : word.Text));

    private static bool IsApart(List<TextWord> words, int w)
    {
        string before = words[w - 1].Text, word = words[w].Text;
        if (word is "." or "," or ";" or ":" or "?" or "!" or ")" or "]" or "%" or "'" or "-" or "/") return false;
        if (before is "(" or "[" or "'" or "-" or "/") return false;
        // "3 . 5" is a decimal number, "is 3 . 2 nodules" is not to be told from it.
        return !(before is "." or "," or ":" && char.IsAsciiDigit(word[0]) && w > 1 && char.IsAsciiDigit(words[w - 2].Text[^1]));
    }

    private static bool StartsSentence(List<TextWord> words, int w) => w == 0 || words[w - 1].Text is "." or "?" or "!";

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
