using RadTex.Files;

namespace RadTex.Tests;

public sealed class AtomicFileTests
{
    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteAllText(folder.File("a"), "old");
        Should.Throw<InvalidOperationException>(() => AtomicFile.Write(folder.File("a"), stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        File.ReadAllText(folder.File("a")).ShouldBe("old");
        Directory.GetFiles(folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_folder_that_is_not_there_is_the_users_to_mend() =>
        Should.Throw<UserErrorException>(() => AtomicFile.WriteAllText("/nonexistent-radtex/a", "x")).Message.ShouldContain("/nonexistent-radtex/a");

    [Fact]
    public void A_full_disk_is_named_as_such() =>
        AtomicFile.Explain("out/x", new IOException("No space left on device : 'out/x'")).Message.ShouldStartWith("The disk is full: out/x");
}
