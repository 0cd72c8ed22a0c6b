using RadTex.Files;

namespace RadTex.Tests;

/// <summary>The one rule for outputs (docs/outputs.md).</summary>
public sealed class OutputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_is_made_with_the_folders_above_it_and_never_replaced_unasked()
    {
        var path = folder.File("a/b/c.csv");
        OutputFile.Require(path, force: false);
        Directory.GetFileSystemEntries(folder.File("a/b")).ShouldBeEmpty();
        File.WriteAllText(path, "mine");
        Should.Throw<UserErrorException>(() => OutputFile.Require(path, force: false)).Message
            .ShouldContain("is there already and was left as it is");
        OutputFile.Require(path, force: true);
        File.ReadAllText(path).ShouldBe("mine");
        Should.Throw<UserErrorException>(() => OutputFile.Require(folder.File("a"), force: true)).Message.ShouldContain("is a folder");
        Should.Throw<UserErrorException>(() => OutputFile.Require("", force: true)).Message.ShouldContain("name is empty");
        Should.Throw<UserErrorException>(() => OutputFile.Require(Path.Combine(path, "below.csv"), force: true)).Message
            .ShouldContain("Cannot write");
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Nothing_is_written_into_a_dataset_even_with_force(bool force)
    {
        TinyDataset.Write(folder.File("renamed"), 10);
        foreach (var path in new[] { "renamed/manifest.json", "renamed/new.csv", "renamed/deep/er/new.csv" })
            Should.Throw<UserErrorException>(() => OutputFile.Require(folder.File(path), force)).Message
                .ShouldContain("a prepared dataset, where nothing else is written");
        Should.Throw<UserErrorException>(() => OutputFolder.Require(folder.File("renamed/features"), FolderKind.Features)).Message
            .ShouldContain("a prepared dataset");
        Should.Throw<UserErrorException>(() => OutputFolder.Require(folder.File("renamed"), FolderKind.Features)).Message
            .ShouldContain("holds a prepared dataset, not an encoder's features");
        Directory.Exists(folder.File("renamed/deep")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("manifest.json", "{\"name\":\"a web page\"}", null)]
    [InlineData("config.resolved.json", "{\"inputs\":{\"dataset_hash\":\"x\"}}", "a run")]
    [InlineData("mimic-cxr-2.0.0-metadata.csv.gz", "", "an archive of radiographs")]
    [InlineData("train.csv", "Path,Sex,Age,Frontal/Lateral", "an archive of radiographs")]
    [InlineData("train.csv", "my,own,table", null)]
    public void Folders_are_known_by_what_their_files_hold(string file, string text, string? kind)
    {
        File.WriteAllText(folder.File(file), text);
        FolderKind.Of(folder.Path)?.Name.ShouldBe(kind);
        if (kind is null) OutputFile.Require(folder.File("x.csv"), force: false);
        else Should.Throw<UserErrorException>(() => OutputFile.Require(folder.File("x.csv"), force: true)).Message.ShouldContain(kind);
    }

    [Fact]
    public void Nothing_is_written_through_a_link()
    {
        File.WriteAllText(folder.File("real.txt"), "mine");
        File.CreateSymbolicLink(folder.File("link.txt"), folder.File("real.txt"));
        Directory.CreateDirectory(folder.File("real"));
        Directory.CreateSymbolicLink(folder.File("link"), folder.File("real"));
        Should.Throw<UserErrorException>(() => OutputFile.Require(folder.File("link.txt"), force: true)).Message.ShouldContain("symbolic link");
        Should.Throw<UserErrorException>(() => OutputFolder.Require(folder.File("link/"), FolderKind.Sweep)).Message.ShouldContain("symbolic link");
        File.CreateSymbolicLink(folder.File("new.txt.partial"), folder.File("real.txt"));
        AtomicFile.WriteAllText(folder.File("new.txt"), "new"); // a link of the temporary's name leads nowhere
        File.ReadAllText(folder.File("real.txt")).ShouldBe("mine");
        using (OutputFolder.Open(folder.File("sweep"), FolderKind.Sweep)) { }
        Directory.CreateSymbolicLink(folder.File("sweep/cells"), folder.File("real"));
        Should.Throw<UserErrorException>(() => OutputFolder.Require(folder.File("sweep"), FolderKind.Sweep)).Message.ShouldContain("symbolic link");
    }

    [Fact]
    public void A_folder_is_gone_on_with_by_the_same_kind_and_inputs_and_by_one_process()
    {
        var path = folder.File("out/inspection");
        var inputs = new Dictionary<string, string> { ["dataset"] = "one" };
        using (OutputFolder.Open(path, FolderKind.Inspection, inputs))
            Should.Throw<UserErrorException>(() => OutputFolder.Open(path, FolderKind.Inspection, inputs)).Message
                .ShouldContain("Another process works in");
        File.WriteAllText(Path.Combine(path, "index.html"), "page");
        using (OutputFolder.Open(path, FolderKind.Inspection, inputs)) { }
        Should.Throw<UserErrorException>(
            () => OutputFolder.Open(path, FolderKind.Inspection, new Dictionary<string, string> { ["dataset"] = "two" })).Message
            .ShouldContain("of other inputs: dataset was one, now two");
        Should.Throw<UserErrorException>(() => OutputFolder.Open(path, FolderKind.Sweep)).Message.ShouldContain("holds an inspection, not a sweep");
        Directory.CreateDirectory(folder.File("foreign"));
        File.WriteAllText(folder.File("foreign/thesis.tex"), "mine");
        Should.Throw<UserErrorException>(() => OutputFolder.Open(folder.File("foreign"), FolderKind.Sweep)).Message
            .ShouldContain("holds files that are not RadTex's");
        Directory.GetFileSystemEntries(folder.File("foreign")).Length.ShouldBe(1);
    }

    [Fact]
    public void A_folder_taken_away_is_told_and_not_made_anew()
    {
        using var output = OutputFolder.Open(folder.File("out"), FolderKind.Transfer);
        output.RequireThere();
        Directory.Delete(folder.File("out"), recursive: true);
        Should.Throw<UserErrorException>(output.RequireThere).Message.ShouldContain("was taken away while it was written");
    }
}
