using System.IO.Compression;
using RadTex.Files;

namespace RadTex.Tests.Files;

public sealed class FileBundleTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string bundle, heads;

    public FileBundleTests()
    {
        bundle = folder.File("bundle.zip");
        heads = folder.File("heads");
        Directory.CreateDirectory(Path.Combine(heads, "below"));
        File.WriteAllText(Path.Combine(heads, "heads.json"), "{}");
        File.WriteAllBytes(Path.Combine(heads, "below", "weights"), new byte[10_000]);
        FileBundle.Write(bundle, [("models/heads", heads)], "test");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_bundle_holds_folders_whole_and_its_manifest_first()
    {
        FileBundle.Verify(bundle).Select(f => (f.Name, f.Bytes)).ShouldBe([("models/heads/below/weights", 10_000L), ("models/heads/heads.json", 2L)]);
        using var zip = ZipFile.OpenRead(bundle);
        zip.Entries[0].FullName.ShouldBe(FileBundle.ManifestName);
    }

    [Theory]
    [InlineData("models/heads/heads.json", "[]", "another models/heads/heads.json")]
    [InlineData("models/heads/heads.json", "{} ", "in another size")]
    [InlineData("models/heads/heads.json", null, "lacks models/heads/heads.json")]
    [InlineData("../outside", "x", "which its manifest does not name")]
    [InlineData("bundle.json", null, "has no bundle.json")]
    [InlineData("bundle.json", "{\"version\":1}", "cannot be read")]
    [InlineData("bundle.json", "{\"version\":2,\"made_by\":\"\",\"files\":[]}", "another version")]
    public void Verifying_finds_what_was_changed_added_or_lost(string name, string? content, string told)
    {
        using (var zip = ZipFile.Open(bundle, ZipArchiveMode.Update))
        {
            zip.GetEntry(name)?.Delete();
            if (content is not null)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(content);
            }
        }
        Should.Throw<UserErrorException>(() => FileBundle.Verify(bundle)).Message.ShouldContain(told);
    }

    [Fact]
    public void A_bundle_with_a_flipped_byte_that_verifies_unpacks_to_the_same_files()
    {
        var whole = File.ReadAllBytes(bundle);
        int found = 0;
        for (int at = 0; at < whole.Length; at += 3)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x10;
            File.WriteAllBytes(bundle, changed);
            try { FileBundle.Verify(bundle); }
            catch (UserErrorException)
            {
                found++;
                continue;
            }
            using var zip = ZipFile.OpenRead(bundle);
            foreach (var name in (string[])["heads.json", "below/weights"])
            {
                using var unpacked = new MemoryStream();
                using (var entry = zip.GetEntry($"models/heads/{name}")!.Open()) entry.CopyTo(unpacked);
                unpacked.ToArray().ShouldBe(File.ReadAllBytes(Path.Combine(heads, name)), $"byte {at}");
            }
        }
        found.ShouldBeGreaterThan(whole.Length / 6);
    }

    [Fact]
    public void Links_two_files_of_one_name_and_folders_of_radiographs_are_refused()
    {
        File.CreateSymbolicLink(Path.Combine(heads, "link"), "/etc/passwd");
        Should.Throw<UserErrorException>(() => FileBundle.Write(folder.File("b.zip"), [("a", heads)], "test")).Message.ShouldContain("symbolic link");
        File.Delete(Path.Combine(heads, "link"));
        Should.Throw<UserErrorException>(() => FileBundle.Write(folder.File("b.zip"), [("a", heads), ("A", heads)], "test"))
            .Message.ShouldContain("Two files");
        File.WriteAllText(Path.Combine(heads, "manifest.json"), "{\"short_side\": 1, \"splits\": {}}");
        Should.Throw<UserErrorException>(() => FileBundle.Write(folder.File("b.zip"), [("a", heads)], "test"))
            .Message.ShouldContain("holds radiographs");
        File.Exists(folder.File("b.zip")).ShouldBeFalse();
    }
}
