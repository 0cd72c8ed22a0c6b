using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using RadTex.Files;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>Writes a state dict as <c>torch.save</c> does (zip form), such that <c>torch.load(weights_only=True)</c> takes it.</summary>
internal static class TorchFileWriter
{
    private const string Root = "archive/";

    /// <summary>Writes tensors, whole or not at all, in the order given.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The state dict.</param>
    /// <param name="note">An entry of text beside it, which torch leaves alone; null for none.</param>
    internal static void Write(string path, IReadOnlyList<(string Name, Tensor Tensor)> tensors, (string Name, string Text)? note = null) =>
        AtomicFile.Write(path, stream =>
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        void Entry(string name, ReadOnlySpan<byte> bytes)
        {
            using var entry = zip.CreateEntry(Root + name, CompressionLevel.NoCompression).Open(); // stored: torch maps its entries
            entry.Write(bytes);
        }
        Entry("data.pkl", Pickle(tensors));
        Entry("byteorder", "little"u8);
        for (int i = 0; i < tensors.Count; i++)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            Entry($"data/{i.ToString(CultureInfo.InvariantCulture)}", tensors[i].Tensor.detach().cpu().contiguous().bytes);
        }
        Entry("version", "3\n"u8);
        if (note is { } text) Entry(text.Name, Encoding.UTF8.GetBytes(text.Text));
    });

    // Protocol 2: an OrderedDict of calls of torch._utils._rebuild_tensor_v2(storage, offset, sizes, strides, requires_grad, hooks).
    private static byte[] Pickle(IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        using var pickle = new MemoryStream();
        void Raw(ReadOnlySpan<byte> bytes) => pickle.Write(bytes);
        void Text(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Span<byte> head = [(byte)'X', 0, 0, 0, 0];
            BinaryPrimitives.WriteInt32LittleEndian(head[1..], bytes.Length);
            Raw(head);
            Raw(bytes);
        }
        void Number(long value) // LONG1 of eight bytes holds all
        {
            Span<byte> number = [0x8A, 8, 0, 0, 0, 0, 0, 0, 0, 0];
            BinaryPrimitives.WriteInt64LittleEndian(number[2..], value);
            Raw(number);
        }
        void Tuple(IEnumerable<long> values)
        {
            Raw("("u8);
            foreach (long value in values) Number(value);
            Raw("t"u8);
        }
        Raw([0x80, 2]);
        Raw("ccollections\nOrderedDict\n)R("u8);
        for (int i = 0; i < tensors.Count; i++)
        {
            var (name, tensor) = tensors[i];
            var sizes = tensor.shape;
            var strides = new long[sizes.Length];
            for (int d = sizes.Length - 1, step = 1; d >= 0; step *= (int)Math.Max(1, sizes[d--])) strides[d] = step;
            Text(name);
            Raw("ctorch._utils\n_rebuild_tensor_v2\n(("u8);
            Text("storage");
            Raw(Encoding.ASCII.GetBytes($"c{PickleNames.StorageName(tensor.dtype).Replace('.', '\n')}\n"));
            Text(i.ToString(CultureInfo.InvariantCulture));
            Text("cpu");
            Number(tensor.numel());
            Raw("tQ"u8);
            Number(0);
            Tuple(sizes);
            Tuple(strides);
            Raw([0x89]);
            Raw("ccollections\nOrderedDict\n)RtR"u8);
        }
        Raw("u."u8);
        return pickle.ToArray();
    }
}
