using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace RadTex.Text;

/// <summary>
/// BERT's basic tokenizer for lower-cased models: from text to the words WordPiece takes apart
/// (google-research/bert tokenization.py, BasicTokenizer).
/// </summary>
/// <remarks>
/// In order: U+0000, U+FFFD and control characters (Cc, Cf) are dropped, tab and line breaks being spaces; CJK ideographs stand
/// alone; words are split at whitespace, lower-cased, decomposed (NFD) and freed of nonspacing marks; every punctuation character
/// (all ASCII that is no letter or digit, and Unicode's P) stands alone, so "___" is three words.
/// <para>Microsoft.ML.Tokenizers' own BertTokenizer is not used for this step: it joins the words on both sides of a line break,
/// drops symbols such as &lt;, + and ~, and takes "_" for a letter. Nor is <see cref="string.Normalize()"/>: in the invariant
/// mode this program runs in (no ICU to install) it does nothing.</para>
/// <para>Special tokens have no standing in text: "[SEP]" in a report is three words, as in Google's code.</para>
/// </remarks>
public static class BertWords
{
    private const string DecompositionResource = "RadTex.Text.BaseCharacters.txt";
    private const int HangulFirst = 0xAC00, HangulLast = 0xD7A3, LeadFirst = 0x1100, VowelFirst = 0x1161, TailFirst = 0x11A7;
    private const int VowelCount = 21, TailCount = 28;

    private static readonly Lazy<FrozenDictionary<int, int[]>> Bases = new(ReadBases);

    /// <summary>The words of <paramref name="text"/>, in order, none empty. Linear in its length; never fails.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>(text.Length / 5 + 1);
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes()) // a lone surrogate comes out as U+FFFD and is dropped
        {
            if (IsSpace(rune)) Flush();
            else if (IsDropped(rune)) continue;
            else if (IsIdeograph(rune.Value))
            {
                Flush();
                Append(rune);
                Flush();
            }
            else Append(rune);
        }
        Flush();
        return words;

        void Append(Rune rune)
        {
            if (rune.IsAscii)
            {
                Add(Rune.ToLowerInvariant(rune));
                return;
            }
            // Decomposed first, so that a capital with an accent loses the accent and then its case (the order does not matter).
            if (rune.Value is >= HangulFirst and <= HangulLast) AddHangul(rune.Value - HangulFirst);
            else if (Bases.Value.TryGetValue(rune.Value, out var bases))
            {
                foreach (int codePoint in bases) Add(Rune.ToLowerInvariant(new Rune(codePoint)));
            }
            else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark) Add(Rune.ToLowerInvariant(rune));
        }

        void Add(Rune rune)
        {
            if (IsPunctuation(rune))
            {
                Flush();
                words.Add(rune.ToString());
            }
            else word.Append(rune);
        }

        void AddHangul(int syllable)
        {
            word.Append((char)(LeadFirst + syllable / (VowelCount * TailCount)));
            word.Append((char)(VowelFirst + syllable % (VowelCount * TailCount) / TailCount));
            if (syllable % TailCount is > 0 and int tail) word.Append((char)(TailFirst + tail));
        }

        void Flush()
        {
            if (word.Length == 0) return;
            words.Add(word.ToString());
            word.Clear();
        }
    }

    private static bool IsSpace(Rune rune) =>
        rune.Value is ' ' or '\t' or '\n' or '\r'
        || !rune.IsAscii && Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsDropped(Rune rune) =>
        rune.Value == 0xFFFD || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format;

    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126)
        : Rune.IsPunctuation(rune);

    /// <summary>The blocks Google's code pads with spaces: Chinese characters, not kana and not Hangul.</summary>
    private static bool IsIdeograph(int codePoint) => codePoint >= 0x3400 && codePoint is (>= 0x4E00 and <= 0x9FFF)
        or (>= 0x3400 and <= 0x4DBF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0x2F800 and <= 0x2FA1F);

    private static FrozenDictionary<int, int[]> ReadBases()
    {
        using var stream = typeof(BertWords).Assembly.GetManifestResourceStream(DecompositionResource)
            ?? throw new InvalidOperationException($"resource {DecompositionResource} is missing from the assembly");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var bases = new Dictionary<int, int[]>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var codePoints = Array.ConvertAll(line.Split(' '), hex => int.Parse(hex, NumberStyles.HexNumber));
            bases.Add(codePoints[0], codePoints[1..]);
        }
        return bases.ToFrozenDictionary();
    }
}
