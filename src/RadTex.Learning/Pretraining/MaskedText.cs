using RadTex.Text;

namespace RadTex.Learning.Pretraining;

/// <summary>A text with words hidden, and which they were.</summary>
/// <param name="Tokens">As the model sees them.</param>
/// <param name="Places">Of the words to be named, ascending; at least one.</param>
/// <param name="Words">What stood there.</param>
internal sealed record MaskedText(int[] Tokens, int[] Places, int[] Words)
{
    /// <summary>
    /// Hides words of a text: of its tokens but the first and a closing [SEP] the objective's share, at least one; of those most become [MASK], some
    /// another piece, and the rest stay (VirTex, section 4.2; BERT).
    /// </summary>
    /// <param name="tokens">[CLS] first.</param>
    /// <param name="objective">The shares.</param>
    /// <param name="vocabulary">Other pieces are drawn from it, none of its special ones.</param>
    /// <param name="random">Decides all.</param>
    internal static MaskedText Hide(int[] tokens, MaskedWordsObjective objective, WordPieceVocabulary vocabulary, CounterRandom random)
    {
        int words = tokens.Length - 1 - (tokens[^1] == vocabulary.EndId ? 1 : 0);
        if (words < 1) return new([.. tokens], [0], [tokens[0]]); // a text of no words: its beginning is easily named
        int count = Math.Clamp((int)Math.Round(objective.Share * words), 1, words);
        int[] places = [.. random.Permutation(words).Take(count).Select(p => p + 1).Order()], hidden = [.. tokens];
        int mask = vocabulary.MaskId ?? vocabulary.UnknownId; // a vocabulary of another's making may lack it
        int[] special = [WordPieceVocabulary.PadId, vocabulary.UnknownId, vocabulary.StartId, vocabulary.EndId, mask];
        foreach (int place in places)
        {
            double draw = random.UniformDouble();
            if (draw < objective.Masked) hidden[place] = mask;
            else if (draw < objective.Masked + objective.Replaced)
            {
                do hidden[place] = random.Below(vocabulary.Count);
                while (special.Contains(hidden[place]));
            }
        }
        return new(hidden, places, [.. places.Select(p => tokens[p])]);
    }
}
