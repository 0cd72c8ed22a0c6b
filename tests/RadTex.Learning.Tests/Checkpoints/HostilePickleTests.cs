using System.IO.Compression;
using System.Text;
using RadTex.Learning.Checkpoints.Foreign;

namespace RadTex.Learning.Tests.Checkpoints;

/// <summary>Files made to run code or to exhaust memory. Each is refused with the offence's name, and the canary shows that nothing ran.</summary>
public sealed class HostilePickleTests
{
    private const string Tensor =
        "ctorch._utils\n_rebuild_tensor_v2\n((U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpuK\u0004tQK\u0000{0}t({1}t\u0089)tR";

    public static TheoryData<string, string, string> Pickles => new()
    {
        { "os.system", "cos\nsystem\n(U\u0010touch {canary}   tR.", "os.system" },
        { "posix.system in protocol 4", "\u0080\u0004\u008c\u0005posix\u008c\u0006system\u0093U\u000btouch CANARY\u0085R.", "posix.system" },
        { "builtins.eval", "cbuiltins\neval\n(U\u0015__import__('os').abortn(tR.", "builtins.eval" },
        { "Python 2 eval", "c__builtin__\neval\n(U\u00031+1tR.", "__builtin__.eval" },
        { "exec hidden in a state dict's value", "}U\u0001acbuiltins\nexec\n(U\u0004passtRs.", "builtins.exec" },
        { "an unknown name", "cmyproject.models\nNet\n)R.", "myproject.models.Net" },
        { "a torch function that is not a rebuild", "ctorch\nload\n(U\u0003a.btR.", "torch.load" },
        { "torch.hub", "ctorch.hub\nload\n(U\u0003a.btR.", "torch.hub.load" },
        { "a rebuild for other types", "ctorch._tensor\n_rebuild_from_type_v2\n)R.", "_rebuild_from_type_v2" },
        { "INST", "(ios\nsystem\n.", "INST" },
        { "OBJ", "(cos\nsystem\no.", "os.system" },
        { "NEWOBJ", "ccollections\nOrderedDict\n)\u0081.", "NEWOBJ" },
        { "an extension", "\u0082\u0001.", "EXT1" },
        { "BUILD on a name", "ccollections\nOrderedDict\n}b.", "BUILD" },
        { "BUILD that sets attributes by a tuple", "ccollections\nOrderedDict\n)RN}\u0086b.", "BUILD" },
        { "a call of a text", "U\u0002os)R.", "no known name" },
        { "wrong arguments", "ctorch._utils\n_rebuild_tensor_v2\n)R.", "arguments" },
        { "a storage of another class", "(U\u0007storageccollections\nOrderedDict\nU\u00010U\u0003cpuK\u0004tQ.",
        "a storage of the type collections.OrderedDict" },
        { "marks without end", new string('(', 100_000), "nested" },
        { "lists in lists", string.Concat(Enumerable.Repeat("]", 5_000)) + string.Concat(Enumerable.Repeat("a", 4_999))
            + ".", "nested more than 64" },
        { "tuples in tuples", ")" + new string('\u0085', 100_000) + ".", "nested more than 64" },
        { "a list in itself", "]q\u0000h\u0000a.", "inside itself" },
        { "a million values", new string('N', 1_000_000), "values at once" },
        { "a text of 4 GB", "X\u00ff\u00ff\u00ff\u00ffabc", "4,294,967,295" },
        { "bytes of 2^63", "\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fabc", "9,223,372,036,854,775,807" },
        { "a number of 2 GB", "\u008b\u00ff\u00ff\u00ff\u007f", "cut off" },
        { "a recalled value that is not there", "h\u0007.", "recalled" },
        { "a pop of nothing", "0.", "not there" },
        { "an end with nothing", ".", "0 values left" },
        { "no state dict", "K\u0001.", "a number where a state dict is expected" },
        { "a state dict of numbers", "}U\u0001aK\u0001s.", "no state dict: a (a number)" },
        { "a negative size", "}U\u0001a" + Made("J\u00ff\u00ff\u00ff\u00ff", "K\u0001") + "s.", "size or stride" },
        { "a size of 2^40", "}U\u0001a" + Made("\u008a\u0006\u0000\u0000\u0000\u0000\u0000\u0001", "K\u0001") + "s.", "size or stride" },
        { "a size beyond the storage", "}U\u0001a" + Made("K\u0005", "K\u0001") + "s.", "beyond its storage" },
        { "a stride beyond the storage", "}U\u0001a" + Made("K\u0002", "K\u0009") + "s.", "beyond its storage" },
        { "a billion values from one", "}U\u0001a" + Made("J\u0000\u0000\u0000\u0040", "K\u0000") + "s.", "share 1 places" },
        { "sizes whose product overflows", "}U\u0001a"
            + Made(string.Concat(Enumerable.Repeat("J\u00ff\u00ff\u00ff\u007f", 8)), string.Concat(Enumerable.Repeat("K\u0001", 8)))
            + "s.", "tensor" },
    };

    [Theory]
    [MemberData(nameof(Pickles))]
    public void A_hostile_pickle_is_refused_by_name_and_nothing_runs(string what, string pickle, string named)
    {
        using var folder = new TemporaryFolder();
        var canary = folder.File("canary");
        var bytes = Encoding.Latin1.GetBytes(
            pickle.Replace("{canary}", canary, StringComparison.Ordinal).Replace("CANARY", canary, StringComparison.Ordinal));
        WriteZip(folder.File("zip.pth"), ("archive/data.pkl", bytes), ("archive/data/0", new byte[16]), ("archive/version", "3\n"u8.ToArray()));
        Refused(folder.File("zip.pth")).ShouldContain(named, Case.Sensitive, what);
        File.WriteAllBytes(folder.File("legacy.pth"), [.. LegacyHead, .. bytes, .. "]U\u00010a."u8, 4, 0, 0, 0, 0, 0, 0, 0, .. new byte[16]]);
        Refused(folder.File("legacy.pth")).ShouldNotBeEmpty(what);
        File.Exists(canary).ShouldBeFalse(what);
    }

    // The canary is alive: Python's own pickle runs what is refused here.
    [Fact]
    public void The_canary_sings_in_an_unrestricted_reader()
    {
        using var folder = new TemporaryFolder();
        var canary = folder.File("canary");
        File.WriteAllText(folder.File("a.pkl"), $"cposix\nsystem\n(Vtouch {canary}\ntR.");
        ExternalProgram.RunPython("", "import pickle, sys; pickle.load(open(sys.argv[1], 'rb'))", folder.File("a.pkl"));
        File.Exists(canary).ShouldBeTrue();
        File.Delete(canary);
        WriteZip(folder.File("a.pth"), ("archive/data.pkl", File.ReadAllBytes(folder.File("a.pkl"))));
        Refused(folder.File("a.pth")).ShouldContain("posix.system");
        File.Exists(canary).ShouldBeFalse();
    }

    [Fact]
    public void A_compressed_entry_is_refused_before_it_is_unpacked()
    {
        using var folder = new TemporaryFolder();
        using (var zip = ZipFile.Open(folder.File("bomb.pth"), ZipArchiveMode.Create))
        using (var stream = zip.CreateEntry("archive/data.pkl", CompressionLevel.SmallestSize).Open())
            for (int i = 0; i < 100; i++) stream.Write(new byte[1 << 20]);
        Refused(folder.File("bomb.pth")).ShouldContain("the compressed entry archive/data.pkl");
    }

    [Fact]
    public void Overlapping_entries_are_refused()
    {
        using var folder = new TemporaryFolder();
        WriteZip(folder.File("a.pth"), ("archive/data.pkl", "}."u8.ToArray()), ("archive/data/0", new byte[64]), ("archive/data/1", new byte[64]));
        var bytes = File.ReadAllBytes(folder.File("a.pth"));
        var directory = Occurrences(bytes, [0x50, 0x4B, 1, 2]);
        bytes.AsSpan(directory[1] + 42, 4).CopyTo(bytes.AsSpan(directory[2] + 42)); // the third entry lies where the second does
        File.WriteAllBytes(folder.File("a.pth"), bytes);
        Refused(folder.File("a.pth")).ShouldContain("overlapping zip entries archive/data/0 and archive/data/1");
    }

    [Fact]
    public void Many_tensors_of_one_storage_cannot_multiply_a_file()
    {
        using var folder = new TemporaryFolder();
        var pickle = new StringBuilder("}(");
        for (int i = 0; i < 2_000; i++)
            pickle.Append("U\u0004").Append(i.ToString("D4", null))
                .Append(Made("J\u0000\u0000\u0001\u0000", "K\u0001").Replace("K\u0004tQ", "J\u0000\u0000\u0001\u0000tQ", StringComparison.Ordinal));
        WriteZip(
            folder.File("a.pth"), ("archive/data.pkl", Encoding.Latin1.GetBytes(pickle.Append("u.").ToString())),
            ("archive/data/0", new byte[1 << 18]));
        Refused(folder.File("a.pth")).ShouldContain("too many share one storage");
    }

    [Fact]
    public void Names_in_the_zip_lead_nowhere()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("0"), new byte[16]);
        var pickle = Encoding.Latin1.GetBytes(
            ("}U\u0001a" + Made("K\u0004", "K\u0001") + "s.").Replace("U\u00010", "U\u0005../0x", StringComparison.Ordinal));
        WriteZip(folder.File("a.pth"), ("archive/data.pkl", pickle), ("archive/data/0", new byte[16]));
        Refused(folder.File("a.pth")).ShouldContain("no storage ");
    }

    // One container named twice at each of 60 levels: 2^60 paths through 60 containers.
    [Fact]
    public void A_thicket_of_shared_lists_is_walked_once()
    {
        using var folder = new TemporaryFolder();
        var pickle = new StringBuilder("]q\u0000");
        for (int i = 1; i < 60; i++) pickle.Append("0(h").Append((char)(i - 1)).Append('h').Append((char)(i - 1)).Append("lq").Append((char)i);
        File.WriteAllBytes(folder.File("a.pth"), [.. LegacyHead, .. Encoding.Latin1.GetBytes(pickle.Append(".].").ToString())]);
        Refused(folder.File("a.pth")).ShouldContain("a list where a state dict is expected");
    }

    // Magic number, version, machine.
    private static byte[] LegacyHead => [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.', 0x80, 2, (byte)'M',
        0xE9, 3, (byte)'.', .. "}U\rlittle_endian"u8, 0x88, .. "s."u8];

    private static string Made(string sizes, string strides) =>
        Tensor.Replace("{0}", $"({sizes}", StringComparison.Ordinal).Replace("{1}t", $"{strides}t", StringComparison.Ordinal)
            .Replace("\u0089)tR", "\u0089)tR", StringComparison.Ordinal);

    private static string Refused(string path) =>
        Should.Throw<UserErrorException>(
            () => { using var file = TorchFile.Open(path); foreach (var name in file.Names) file.Read(name).Dispose(); }).Message;

    private static void WriteZip(string path, params (string Name, byte[] Bytes)[] entries)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, bytes) in entries)
        {
            using var stream = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
            stream.Write(bytes);
        }
    }

    private static List<int> Occurrences(byte[] bytes, byte[] pattern) =>
        [.. Enumerable.Range(0, bytes.Length - pattern.Length).Where(i => bytes.AsSpan(i).StartsWith(pattern))];
}
