using RadTex.Studies.Archives;

namespace RadTex.Tests.Studies;

public sealed class SourceFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SourceFolder source;

    public SourceFolderTests()
    {
        MiniatureArchives.WriteText(folder.File("secret.txt"), "outside");
        MiniatureArchives.WriteText(folder.File("root/inside/file.txt"), "inside");
        MiniatureArchives.WriteText(folder.File("rootling/file.txt"), "a neighbour whose name starts alike");
        File.CreateSymbolicLink(folder.File("root/link.txt"), folder.File("secret.txt"));
        File.CreateSymbolicLink(folder.File("root/good.txt"), "inside/file.txt");
        Directory.CreateSymbolicLink(folder.File("root/way-out"), folder.Path);
        Directory.CreateSymbolicLink(folder.File("root/loop"), "loop");
        source = new SourceFolder(folder.File("root"));
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("inside/file.txt")]
    [InlineData("inside/../inside/file.txt")]
    [InlineData("good.txt")]
    [InlineData("not/there/yet.txt")]
    public void Name_inside_is_resolved(string name) => source.Resolve(name).ShouldBe(Path.GetFullPath(name, folder.File("root")));

    [Fact]
    public void Absolute_path_inside_is_resolved() =>
        source.Resolve(folder.File("root/inside/file.txt")).ShouldBe(folder.File("root/inside/file.txt"));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("../secret.txt")]
    [InlineData("inside/../../secret.txt")]
    [InlineData("../rootling/file.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("link.txt")]
    [InlineData("way-out/secret.txt")]
    [InlineData("loop/file.txt")]
    [InlineData("a\0b")]
    public void Name_that_leads_out_is_refused(string name) => source.Resolve(name).ShouldBeNull();

    [Fact]
    public void Root_that_is_itself_a_link_is_followed()
    {
        Directory.CreateSymbolicLink(folder.File("alias"), folder.File("root"));

        new SourceFolder(folder.File("alias")).Resolve("inside/file.txt").ShouldBe(folder.File("alias/inside/file.txt"));
    }

    [Fact]
    public void Missing_root_is_one_clear_line() =>
        Should.Throw<UserErrorException>(() => new SourceFolder(folder.File("nowhere"))).Message.ShouldContain("nowhere");
}
