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
    public void Text_file_gives_its_non_empty_lines() => TextCorpus.ReadLines(Write("a.txt", "one\r\n\n  \ntwo\nthree")).ShouldBe(["one\r", "two", "three"]);

    [Fact]
    public void Gzipped_file_is_read_too() => TextCorpus.ReadLines(WriteGzip("a.txt.gz", "one\ntwo")).ShouldBe(["one", "two"]);

    [Fact]
    public void Damaged_file_is_a_user_error_that_names_it() =>
        Should.Throw<UserErrorException>(() => TextCorpus.ReadLines(Write("a.txt.gz", "not gzip")).ToList()).Message.ShouldContain("a.txt.gz");

    [Fact]
    public void Missing_file_is_a_user_error() => Should.Throw<UserErrorException>(() => TextCorpus.ReadLines(folder.File("none.txt")).ToList());

    [Fact]
    public void Endless_line_is_refused_before_it_is_kept() =>
        Should.Throw<UserErrorException>(() => TextCorpus.ReadLines(Write("a.txt", "x\n" + new string('y', (1 << 20) + 1))).ToList()).Message.ShouldContain("line 2");
}
