using System.Net.Sockets;
using RadTex.Data;
using RadTex.Files;
using RadTex.Imaging;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studies.Tables;

namespace RadTex.Tests;

/// <summary>What is no regular file is never opened: these would wait for ever, or never end.</summary>
public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Pipes_sockets_devices_and_folders_are_told_from_files()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder.File("socket")));
        File.WriteAllText(folder.File("file"), "");
        File.CreateSymbolicLink(folder.File("link"), "file");
        File.CreateSymbolicLink(folder.File("zero"), "/dev/zero");

        RegularFile.Fault(folder.File("socket")).ShouldBe("a socket, not a file");
        RegularFile.Fault(SpecialFiles.MakePipe(folder.File("pipe"))).ShouldBe("a named pipe, not a file");
        RegularFile.Fault(folder.File("zero")).ShouldBe("a device, not a file");
        RegularFile.Fault(folder.Path).ShouldBe("a folder, not a file");
        foreach (var name in new[] { "file", "link", "none" }) RegularFile.Fault(folder.File(name)).ShouldBeNull();
    }

    [Fact]
    public void Picture_reader_refuses_them_with_the_reason()
    {
        foreach (var path in new[] { SpecialFiles.MakePipe(folder.File("pipe.png")), "/dev/zero" })
            Should.Throw<ImageFaultException>(() => new GreyImageReader(32).Read(path)).Message.ShouldContain("not a file");
    }

    [Fact]
    public void Tables_and_datasets_are_no_exception()
    {
        var pipe = SpecialFiles.MakePipe(folder.File("t.csv"));
        Should.Throw<UserErrorException>(() => new TableSource(pipe, new TableColumns()).List(new StudyOptions())).Message
            .ShouldContain("a named pipe");
        var dataset = TinyDataset.Write(folder.File("set"));
        File.Delete(Path.Combine(dataset, "manifest.json"));
        SpecialFiles.MakePipe(Path.Combine(dataset, "manifest.json"));
        Should.Throw<UserErrorException>(() => PreparedDataset.Open(dataset)).Message.ShouldContain("a named pipe");
    }
}
