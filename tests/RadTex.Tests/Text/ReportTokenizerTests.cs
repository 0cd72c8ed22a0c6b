using System.Formats.Tar;
using System.IO.Compression;
using System.Xml.Linq;
using CsCheck;
using RadTex.Text;

namespace RadTex.Tests.Text;

public sealed class ReportTokenizerTests
{
    private static readonly string[] Pieces =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "clear", "lung", "##s", "effus", "##ion", "no", "a", "##a", "_", ".", "𝒜", "##𝒜"];

    private static readonly WordPieceVocabulary Small = WordPieceVocabulary.FromPieces(Pieces);

    private static string[] PiecesOf(ReportTokenizer tokenizer, string text) =>
        [.. tokenizer.EncodeWhole(text)[1..^1].Select(id => tokenizer.Vocabulary[id])];

    private static ReportTokenizer SciBert(int maxTokens = ReportTokenizer.DefaultMaxTokens) =>
        new(WordPieceVocabulary.Load(SharedData.Require("scibert/vocab.txt")), maxTokens);

    [Fact]
    public void Caption_is_its_longest_pieces_between_start_and_end() =>
        new ReportTokenizer(Small).Encode("Clear lungs. No effusion").ShouldBe([2, 5, 6, 7, 14, 10, 8, 9, 3]);

    [Fact]
    public void Word_with_one_unknown_part_is_unknown_as_a_whole() => PiecesOf(new(Small), "lungx lung").ShouldBe(["[UNK]", "lung"]);

    [Fact]
    public void Special_pieces_in_a_report_are_plain_text() => new ReportTokenizer(Small).Encode("[SEP] [PAD]").ShouldBe([2, 1, 1, 1, 1, 1, 1, 3]);

    [Fact]
    public void Word_over_the_character_limit_is_unknown_and_one_at_the_limit_is_not()
    {
        PiecesOf(new(Small), new string('a', 101)).ShouldBe(["[UNK]"]);
        PiecesOf(new(Small), new string('a', 100)).Length.ShouldBe(100);
        PiecesOf(new(Small, maxWordCharacters: 200), new string('a', 101)).Length.ShouldBe(101);
        PiecesOf(new(Small), string.Concat(Enumerable.Repeat("𝒜", 100))).Length.ShouldBe(100); // characters, not UTF-16 units
        PiecesOf(new(Small), string.Concat(Enumerable.Repeat("𝒜", 101))).ShouldBe(["[UNK]"]);
    }

    [Fact]
    public void Cut_caption_loses_its_end_unless_asked_to_keep_it()
    {
        new ReportTokenizer(Small, maxTokens: 4).Encode("clear lungs").ShouldBe([2, 5, 6, 7]);
        new ReportTokenizer(Small, maxTokens: 4, keepEnd: true).Encode("clear lungs").ShouldBe([2, 5, 6, 3]);
        new ReportTokenizer(Small, maxTokens: 5).Encode("clear lungs").ShouldBe([2, 5, 6, 7, 3]);
        Should.Throw<UserErrorException>(() => new ReportTokenizer(Small, maxTokens: 1)).Message.ShouldContain("at least 2");
    }

    [Fact]
    public void Decoding_joins_pieces_and_stops_at_the_end()
    {
        var tokenizer = new ReportTokenizer(Small);
        tokenizer.Decode([2, 5, 6, 7, 14, 1, 4, 3, 5]).ShouldBe("clear lungs . [UNK]");
        tokenizer.Decode([7, 0, 6]).ShouldBe("s lung");
        tokenizer.Decode([]).ShouldBe("");
        Should.Throw<ArgumentOutOfRangeException>(() => tokenizer.Decode([17]));
        Should.Throw<ArgumentOutOfRangeException>(() => tokenizer.Decode([-1]));
    }

    [Fact]
    public void Encoding_never_exceeds_the_limit_and_starts_with_the_start_token() =>
        Gen.Select(Gen.String, Gen.Int[2, 40], Gen.Bool).Sample((text, max, keepEnd) =>
        {
            var ids = new ReportTokenizer(Small, max, keepEnd).Encode(text);
            ids.Length.ShouldBeInRange(2, max);
            ids[0].ShouldBe(Small.StartId);
            ids.ShouldNotContain(WordPieceVocabulary.PadId);
            if (keepEnd || ids.Length < max) ids[^1].ShouldBe(Small.EndId);
        });

    [Fact]
    public void Decoding_gives_back_the_words_of_a_text_of_known_words()
    {
        var tokenizer = new ReportTokenizer(Small);
        Gen.OneOf("Clear", "lungs", "LUNG", "effusion", "no", "aaa", ".").Array[0, 20].Sample(words =>
        {
            var text = string.Join("  ", words);
            tokenizer.Decode(tokenizer.EncodeWhole(text)).ShouldBe(string.Join(' ', BertWords.Split(text)));
        });
    }

    [Fact]
    public void SciBert_ids_agree_with_the_python_reference()
    {
        var tokenizer = SciBert();
        foreach (var (text, _, ids) in BertWordsTests.Golden()) tokenizer.EncodeWhole(text)[1..^1].ShouldBe(ids, text);
    }

    [Fact]
    public void SciBert_splits_the_paper_s_examples_as_the_paper_says()
    {
        PiecesOf(SciBert(), "Pneumothorax").ShouldBe(["pneum", "##othorax"]);
        PiecesOf(SciBert(), "atelectasis").ShouldBe(["ate", "##lect", "##asis"]);
        PiecesOf(SciBert(), "___").ShouldBe(["_", "_", "_"]);
    }

    [Fact]
    public void Open_i_reports_tokenize_with_SciBert_within_the_paper_s_limit()
    {
        var findings = OpenIFindings();
        findings.Count.ShouldBe(3_425);
        var statistics = TokenStatistics.Measure(SciBert(), findings);
        statistics.Captions.ShouldBe(3_425);
        statistics.MeanTokens.ShouldBeInRange(40, 60);
        statistics.CutRate.ShouldBeLessThan(0.01);
        statistics.UnknownRate.ShouldBeLessThan(0.001);
        TestContext.Current.SendDiagnosticMessage(statistics.ToString());
    }

    [Fact]
    public void Statistics_of_hand_counted_captions_are_right()
    {
        var statistics = TokenStatistics.Measure(new ReportTokenizer(Small, maxTokens: 5), ["", "clear", "lungx", "clear lungs . ."]);
        statistics.ShouldBe(new TokenStatistics(4, (2 + 3 + 3 + 7) / 4.0, 3, 7, 7, 5, 1, 1, 7));
        (statistics.CutRate, statistics.UnknownRate).ShouldBe((0.25, 1 / 7.0));
        TokenStatistics.Measure(new ReportTokenizer(Small), []).CutRate.ShouldBe(0);
    }

    private static readonly Lazy<IReadOnlyList<string>> Findings = new(() => [.. ReadFindings(SharedData.Require("open-i/NLMCXR_reports.tgz"))]);

    /// <summary>The non-empty findings of the Open-I reports, read straight from the archive, once for all tests.</summary>
    internal static IReadOnlyList<string> OpenIFindings()
    {
        _ = SharedData.Require("open-i/NLMCXR_reports.tgz"); // skips the test where the archive is absent
        return Findings.Value;
    }

    private static IEnumerable<string> ReadFindings(string archive)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || !entry.Name.EndsWith(".xml", StringComparison.Ordinal)) continue;
            var findings = XDocument.Load(entry.DataStream).Descendants("AbstractText")
                .FirstOrDefault(e => e.Attribute("Label")?.Value == "FINDINGS");
            if (findings?.Value.Trim() is { Length: > 0 } text) yield return text;
        }
    }
}
