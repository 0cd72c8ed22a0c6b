using RadTex.Studies.Archives;

namespace RadTex.Tests.Studies;

/// <summary>The one rule of what a picture file is.</summary>
public sealed class PictureFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Regular_files_of_a_pictures_name_are_taken_and_links_followed_inside_only()
    {
        foreach (var name in new[] { "a.png", "deep/b.JPG", "store/c.tif", "store/raw", ".hidden.png", "notes.txt" })
            MiniatureArchives.WriteText(folder.File($"set/{name}"), name);
        MiniatureArchives.WriteText(folder.File("secret/d.png"), "outside");
        SpecialFiles.MakePipe(folder.File("set/pipe.png"));
        File.CreateSymbolicLink(folder.File("set/e.png"), "store/raw");
        File.CreateSymbolicLink(folder.File("set/f.png"), "store/c.tif");
        File.CreateSymbolicLink(folder.File("set/g.png"), "../secret/d.png");
        File.CreateSymbolicLink(folder.File("set/h.png"), "nowhere.png");
        Directory.CreateSymbolicLink(folder.File("set/i"), "deep");
        Directory.CreateSymbolicLink(folder.File("set/j"), folder.File("secret"));
        Directory.CreateSymbolicLink(folder.File("set/deep/loop"), "..");

        var found = PictureFolder.List(folder.File("set"));

        found.Pictures.ShouldBe(["a.png", "deep/b.JPG", "e.png", "f.png", "store/c.tif"]);
        found.Doubles.ShouldBe(new Dictionary<string, string> { ["f.png"] = "store/c.tif" });
        found.LeftOut.ShouldBe(
        [
            ("deep/loop", "a link to a folder, whose pictures are listed where they lie"),
            ("g.png", "a link that leads out of the folder"),
            ("h.png", "a link to nothing"),
            ("i", "a link to a folder, whose pictures are listed where they lie"),
            ("j", "a link that leads out of the folder"),
            ("pipe.png", "a named pipe, not a file"),
        ]);
    }

    [Fact]
    public void Folder_without_a_picture_says_what_it_left_out()
    {
        Directory.CreateDirectory(folder.File("set"));
        SpecialFiles.MakePipe(folder.File("set/pipe.png"));

        var message = Should.Throw<UserErrorException>(() => PictureFolder.Require(folder.File("set"))).Message;

        message.ShouldContain("no JPEG, PNG, TIFF or DICOM picture");
        message.ShouldContain("pipe.png: a named pipe");
    }
}
