using System.IO.Compression;
using RadTex.Text;

namespace RadTex.Tests.Text;

public sealed class TextCorpusTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Write(string name, string text)
    {
        File.WriteAllText(folder.File(name), text);
        return folder.File(name);
    }

    private string WriteGzip(string name, string text)
    {
        using var gzip = new GZipStream(File.Create(folder.File(name)), CompressionLevel.Fastest);
        using var writer = new StreamWriter(gzip);
        writer.Write(text);
        return folder.File(name);
    }

    [Fact]
    public void Text_file_gives_its_non_empty_lines() =>
        TextCorpus.ReadLines(Write("a.txt", "one\r\n\n  \ntwo\nthree")).ShouldBe(["one\r", "two", "three"]);

    [Fact]
    public void Table_gives_the_named_column_with_its_line_breaks()
    {
        var path = Write("a.csv", "id,Text,x\n1,\"Clear, lungs.\nNo effusion.\",a\n2,,b\n3,Large heart.,c\n");
        TextCorpus.Read(path).ShouldBe(["Clear, lungs.\nNo effusion.", "Large heart."]);
        TextCorpus.Read(path, "x").ShouldBe(["a", "b", "c"]);
        TextCorpus.Read(WriteGzip("a.csv.gz", "text\none\n")).ShouldBe(["one"]);
    }

    [Fact]
    public void Missing_column_is_an_error_that_lists_the_columns_and_names_the_option()
    {
        var error = Should.Throw<UserErrorException>(() => TextCorpus.Read(Write("a.csv", "id,findings\n1,x\n")).ToList());
        error.Message.ShouldContain("id, findings");
        error.Message.ShouldContain("'column'");
    }

    [Fact]
    public void Gzipped_file_is_read_too() => TextCorpus.ReadLines(WriteGzip("a.txt.gz", "one\ntwo")).ShouldBe(["one", "two"]);

    [Fact]
    public void Damaged_file_is_a_user_error_that_names_it() =>
        Should.Throw<UserErrorException>(() => TextCorpus.ReadLines(Write("a.txt.gz", "not gzip")).ToList()).Message.ShouldContain("a.txt.gz");

    [Fact]
    public void Picture_is_refused_as_text_and_text_in_another_encoding_is_named_by_its_line()
    {
        var picture = Pictures.WriteRadiograph(folder.File("pic.png"), 1);
        Should.Throw<UserErrorException>(() => TextCorpus.Read(picture).ToList()).Message.ShouldContain("pic.png line 1 is not UTF-8");

        File.WriteAllBytes(folder.File("l.txt"), System.Text.Encoding.Latin1.GetBytes("clear\nLungenödem\n"));
        Should.Throw<UserErrorException>(() => TextCorpus.Read(folder.File("l.txt")).ToList()).Message.ShouldContain("l.txt line 2 is not UTF-8");
        TextCorpus.Read(folder.File("l.txt"), encoding: System.Text.Encoding.Latin1).ShouldBe(["clear", "Lungenödem"]);

        File.WriteAllText(folder.File("u.txt"), "Lungenödem\n", System.Text.Encoding.BigEndianUnicode);
        TextCorpus.Read(folder.File("u.txt")).ShouldBe(["Lungenödem"]);
        Should.Throw<UserErrorException>(() => TextCorpus.Read(Write("z.txt", "a\0b")).ToList()).Message.ShouldContain("no text");
    }

    [Fact]
    public void Missing_file_is_a_user_error() => Should.Throw<UserErrorException>(() => TextCorpus.ReadLines(folder.File("none.txt")).ToList());

    [Fact]
    public void Endless_line_is_refused_before_it_is_kept() =>
        Should.Throw<UserErrorException>(() => TextCorpus.ReadLines(Write("a.txt", "x\n" + new string('y', (1 << 20) + 1))).ToList()).Message
            .ShouldContain("line 2");
}
