using System.Runtime.InteropServices;
using RadTex.Learning.Native;

namespace RadTex.Learning.Tests.Native;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class TorchLibraryTests
{
    private const string File = "libLibTorchSharp.so", Version = "GLIBCXX_3.4.32";

    private static bool HostIsOld => !NativeLibrary.TryGetExport(NativeLibrary.Load("libstdc++.so.6"), "_ZSt21ios_base_library_initv", out _);

    [Fact]
    public void The_file_as_shipped_is_made_loadable_on_an_old_host_and_left_alone_on_a_new_one()
    {
        using var folder = new TemporaryFolder();
        var shipped = AsShipped();
        System.IO.File.WriteAllBytes(folder.File(File), shipped);
        TorchLibrary.MakeLoadable(folder.Path);
        var after = System.IO.File.ReadAllBytes(folder.File(File));
        after.Zip(shipped).Count(bytes => bytes.First != bytes.Second).ShouldBe(HostIsOld ? 1 : 0);
        ElfVersionNeeds.Find(after, Version)!.Value.IsWeak.ShouldBe(HostIsOld);
        Directory.GetFiles(folder.Path).ShouldHaveSingleItem(); // no temporary file stays
    }

    [Fact]
    public void A_second_time_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        System.IO.File.WriteAllBytes(folder.File(File), AsShipped());
        TorchLibrary.MakeLoadable(folder.Path);
        var stamp = System.IO.File.GetLastWriteTimeUtc(folder.File(File));
        TorchLibrary.MakeLoadable(folder.Path);
        System.IO.File.GetLastWriteTimeUtc(folder.File(File)).ShouldBe(stamp);
    }

    [Fact]
    public void An_unknown_version_is_not_found() => ElfVersionNeeds.Find(AsShipped(), "GLIBCXX_9.9.9").ShouldBeNull();

    [Fact]
    public void A_file_that_is_cut_off_or_no_elf_is_an_error()
    {
        var shipped = AsShipped();
        Should.Throw<InvalidDataException>(() => ElfVersionNeeds.Find(shipped.AsSpan(0, 1000), Version));
        Should.Throw<InvalidDataException>(() => ElfVersionNeeds.Find(new byte[100], Version));
        Should.Throw<InvalidDataException>(() => ElfVersionNeeds.Find("short"u8, Version));
    }

    // The output's copy may have been adapted already: take the mark back.
    private static byte[] AsShipped()
    {
        var bytes = System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, File));
        bytes[ElfVersionNeeds.Find(bytes, Version)!.Value.FlagsOffset] &= 0xFD;
        return bytes;
    }
}
