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
