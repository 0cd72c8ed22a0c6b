using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.ML.Tokenizers;
using RadTex.Text;

namespace RadTex.Tests.Text;

public sealed class BertWordsTests
{
    /// <summary>Golden/wordpiece.json: made by Golden/wordpiece.py, an independent Python reading of BERT's rules.</summary>
    internal static IEnumerable<(string Text, string[] Words, int[] Ids)> Golden()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "wordpiece.json")));
        return [.. file.RootElement.GetProperty("cases").EnumerateArray().Select(c => (
            c.GetProperty("text").GetString()!,
            c.GetProperty("words").EnumerateArray().Select(w => w.GetString()!).ToArray(),
            c.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32()).ToArray()))];
    }

    [Fact]
    public void Words_agree_with_the_python_reference()
    {
        Golden().Count().ShouldBeGreaterThan(20);
        foreach (var (text, words, _) in Golden()) BertWords.Split(text).ShouldBe(words, $"text {JsonSerializer.Serialize(text)}");
    }

    [Theory]
    [InlineData("___", new[] { "_", "_", "_" })]
    [InlineData("lungs\nare", new[] { "lungs", "are" })]
    [InlineData("<1 cm, ~3+", new[] { "<", "1", "cm", ",", "~", "3", "+" })]
    [InlineData("Café", new[] { "cafe" })]
    [InlineData("e\u0301A\u0300", new[] { "ea" })]
    [InlineData("x\u0000\u200b\u00ad\u0007y", new[] { "xy" })]
    [InlineData("中国a", new[] { "中", "国", "a" })]
    [InlineData("\ud835", new string[0])] // a lone surrogate is no character
    public void Edge_case_gives_the_words_of_the_rule(string text, string[] expected) => BertWords.Split(text).ShouldBe(expected);

    /// <summary>The ends of Google's blocks of Chinese characters, and the code points just outside.</summary>
    [Fact]
    public void Chinese_characters_are_words_of_their_own_up_to_the_ends_of_their_blocks()
    {
        (int First, int Last)[] blocks =
        [
            (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF),
            (0x2F800, 0x2FA1F),
        ];
        foreach (var (first, last) in blocks)
            foreach (int inside in new[] { first, (first + last) / 2, last }) Words(inside).Count.ShouldBe(3, $"U+{inside:X}");
        foreach (int outside in new[] { 0x33FF, 0x4DC0, 0xA000, 0xF8FF, 0xFB00, 0x1FFFD, 0x2A6E0, 0x2A6FF, 0x2CEB0, 0x2F7FF, 0x2FA20 })
            Words(outside).Count.ShouldBe(1, $"U+{outside:X}");
        static IReadOnlyList<string> Words(int codePoint) => BertWords.Split($"a{new Rune(codePoint)}b");
    }

    [Fact]
    public void Printable_ascii_but_letters_and_digits_is_punctuation()
    {
        for (char c = '!'; c <= '~'; c++)
            BertWords.Split($"a{c}b").ShouldBe(char.IsAsciiLetterOrDigit(c) ? [$"a{char.ToLowerInvariant(c)}b"] : ["a", $"{c}", "b"]);
    }

    [Theory]
    [InlineData(0xAC00, "\u1100\u1161")]
    [InlineData(0xD7A3, "\u1112\u1175\u11C2")]
    public void Hangul_falls_into_its_letters_up_to_the_last_syllable(int syllable, string letters) =>
        BertWords.Split($"{new Rune(syllable)}").ShouldBe([letters]);

    /// <summary>Why the library's own basic tokenizer is not used. Should a later version of it fail this test, look again.</summary>
    [Theory]
    [InlineData("lungs\nare", "lungs ##are")]
    [InlineData("<1+", "1")]
    [InlineData("___", "__ ##_")]
    [InlineData("é", "[UNK]")]
    public void Library_s_bert_tokenizer_departs_from_bert(string text, string pieces)
    {
        var vocabulary = WordPieceVocabulary
            .FromPieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "lungs", "are", "##are", "<", "+", "1", "_", "__", "##_", "e"]);
        using var lines = vocabulary.OpenLines();
        var library = BertTokenizer.Create(lines, new BertOptions { RemoveNonSpacingMarks = true });
        string.Join(' ', library.EncodeToTokens(text, out _).Select(t => t.Value)).ShouldBe(pieces);
        new ReportTokenizer(vocabulary).EncodeWhole(text).ShouldNotContain(vocabulary.UnknownId);
    }

    [Fact]
    public void Words_are_stable_under_a_second_pass() =>
        Gen.String.Sample(text =>
        {
            var words = BertWords.Split(text);
            words.ShouldAllBe(w => w.Length > 0);
            BertWords.Split(string.Join(' ', words)).ShouldBe(words);
        });

    [Fact]
    public void Ascii_text_keeps_every_printable_character_but_spaces() =>
        Gen.Char[' ', '~'].Array.Select(c => new string(c)).Sample(text =>
            string.Concat(BertWords.Split(text)).ShouldBe(text.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant()));

    [Fact]
    public void Every_code_point_is_taken_without_failing()
    {
        for (int codePoint = 0; codePoint <= 0x10FFFF; codePoint += codePoint < 0x3000 ? 1 : 37)
        {
            if (Rune.IsValid(codePoint)) _ = BertWords.Split($"a{new Rune(codePoint)}b");
        }
    }
}
