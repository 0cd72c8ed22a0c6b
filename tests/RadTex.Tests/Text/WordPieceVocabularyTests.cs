using System.Text;
using RadTex.Text;

namespace RadTex.Tests.Text;

public sealed class WordPieceVocabularyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    private string Write(byte[] bytes)
    {
        File.WriteAllBytes(folder.File("vocab.txt"), bytes);
        return folder.File("vocab.txt");
    }

    private UserErrorException LoadFails(string text) => Should.Throw<UserErrorException>(() => WordPieceVocabulary.Load(Write(text)));

    [Fact]
    public void File_is_taken_line_by_line_without_trimming_or_skipping()
    {
        var vocabulary = WordPieceVocabulary.Load(Write("[PAD]\n[UNK]\n[CLS]\n[SEP]\n\n a \n##\u0085\nlast"));
        vocabulary.Count.ShouldBe(8);
        (vocabulary[4], vocabulary[5], vocabulary[6], vocabulary[7]).ShouldBe(("", " a ", "##\u0085", "last"));
        (WordPieceVocabulary.PadId, vocabulary.UnknownId, vocabulary.StartId, vocabulary.EndId).ShouldBe((0, 1, 2, 3));
        new ReportTokenizer(vocabulary).Encode("last").ShouldBe([2, 7, 3]); // the tokenizer library counts the empty line too
    }

    [Fact]
    public void Carriage_returns_before_line_feeds_are_no_part_of_a_piece() =>
        WordPieceVocabulary.Load(Write("[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n"))[3].ShouldBe("[SEP]");

    [Fact]
    public void Saved_file_is_the_loaded_one_byte_for_byte()
    {
        var bytes = "\uFEFF[PAD]\r\n[UNK]\n[CLS]\n[SEP]\nx"u8.ToArray();
        var vocabulary = WordPieceVocabulary.Load(Write(bytes));
        vocabulary.Save(folder.File("copy.txt"));
        File.ReadAllBytes(folder.File("copy.txt")).ShouldBe(bytes);
        WordPieceVocabulary.Load(folder.File("copy.txt")).Sha256.ShouldBe(vocabulary.Sha256);
    }

    [Fact]
    public void Repeated_piece_is_an_error_that_names_both_lines() =>
        LoadFails("[PAD]\n[UNK]\n[CLS]\n[SEP]\nlung\n##s\nlung\n").Message.ShouldContain("lines 5 and 7");

    [Theory]
    [InlineData("[UNK]\n[PAD]\n[CLS]\n[SEP]\n", "[PAD] on line 1")]
    [InlineData("[PAD]\n[CLS]\n[SEP]\n", "lacks the piece [UNK]")]
    [InlineData("[PAD]\n[UNK]\n[SEP]\n", "lacks the piece [CLS]")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n", "lacks the piece [SEP]")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\rb\n", "line 5")]
    [InlineData("", "is empty")]
    public void Unfit_file_is_an_error_that_says_what_is_wrong(string text, string expected) => LoadFails(text).Message.ShouldContain(expected);

    [Fact]
    public void Missing_file_is_an_error_that_says_how_to_get_one() =>
        Should.Throw<UserErrorException>(() => WordPieceVocabulary.Load(folder.File("none.txt"))).Message.ShouldContain("the step 'vocabulary'");

    [Fact]
    public void File_that_is_not_utf8_is_an_error_that_names_the_byte() =>
        Should.Throw<UserErrorException>(() => WordPieceVocabulary.Load(Write([.. "[PAD]\n"u8, 0xE9, 0x0A]))).Message.ShouldContain("byte 6");

    [Fact]
    public void Huge_file_is_refused_before_it_is_read()
    {
        using (var stream = File.Create(folder.File("huge.txt"))) stream.SetLength(WordPieceVocabulary.MaxFileBytes + 1L);
        Should.Throw<UserErrorException>(() => WordPieceVocabulary.Load(folder.File("huge.txt"))).Message.ShouldContain("at most");
        LoadFails(new string('\n', WordPieceVocabulary.MaxPieces + 2)).Message.ShouldContain("lines");
    }

    [Fact]
    public void SciBert_without_its_first_line_is_recognised()
    {
        var lines = Enumerable.Range(0, 31_089).Select(i => i == 0 ? "[unused0]" : $"piece{i}");
        LoadFails(string.Concat(lines.Select(l => l + "\n"))).Message.ShouldContain("SciBERT's without its first line, [PAD]");
    }

    [Fact]
    public void SciBert_vocabulary_has_the_paper_s_size_and_ids()
    {
        var vocabulary = WordPieceVocabulary.Load(SharedData.Require("scibert/vocab.txt"));
        (vocabulary.Count, vocabulary.UnknownId, vocabulary.StartId, vocabulary.EndId).ShouldBe((31_090, 101, 102, 103));
        vocabulary.IsSciBert.ShouldBeTrue();
    }
}
