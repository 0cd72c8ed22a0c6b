using System.Buffers.Binary;
using System.Numerics;
using RadTex.Files;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// The state dict in a PyTorch file (<c>.pth</c>, <c>.pt</c>, <c>.ckpt</c>): the zip form of torch 1.6 and later, or the older stream.
/// Read as data by <see cref="PickleReader"/>; values are copied from the mapped file when asked for, so an optimiser's are never read.
/// </summary>
internal sealed class TorchFile : IDisposable
{
    private const int LargestPickle = 256 << 20, LargestNote = 1 << 20, MostViews = 8; // a tied weight of VirTex is listed four times
    private static readonly BigInteger LegacyMagic = BigInteger
        .Parse("1950a86a20f9469cfc6c", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
    private static readonly string[] Wrappers = ["state_dict", "model_state_dict", "model", "net", "network", "module"];

    private readonly MappedFile file;
    private readonly Dictionary<string, PickledTensor> tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Offset, long Bytes)> storages = new(StringComparer.Ordinal); // legacy
    private readonly Dictionary<string, StoredZip.Entry> entries = []; // zip
    private readonly HashSet<string> checkedEntries = [];
    private string prefix = "";
    private long bytesRead;

    private TorchFile(MappedFile file) => this.file = file;

    /// <summary>The tensors' names, in the order of the file.</summary>
    internal IReadOnlyCollection<string> Names => tensors.Keys;

    /// <exception cref="UserErrorException">The file is no checkpoint, is cut off, or holds anything but data; the message names the
    /// offence.</exception>
    internal static TorchFile Open(string path)
    {
        var opened = new TorchFile(new MappedFile(path));
        try
        {
            opened.Find(opened.IsZip ? opened.ReadZip() : opened.ReadLegacy(), 0);
            return opened;
        }
        catch (PickleRefusedException e)
        {
            opened.Dispose();
            throw Refuse(path, e);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The text of an entry beside the weights, of a zip file; null where there is none.</summary>
    /// <exception cref="UserErrorException">The entry is damaged or too large.</exception>
    internal string? Note(string name)
    {
        if (!entries.TryGetValue(prefix + name, out var entry)) return null;
        try
        {
            if (entry.Length > LargestNote) throw new PickleRefusedException($"a note of {entry.Length:N0} bytes; at most {LargestNote:N0} are read");
            StoredZip.Check(file, entry);
            return System.Text.Encoding.UTF8.GetString(file.Span(entry.Offset, (int)entry.Length));
        }
        catch (PickleRefusedException e) { throw Refuse(file.Path, e); }
    }

    /// <summary>A tensor's values, contiguous, on the CPU, outside any dispose scope; the caller disposes it.</summary>
    /// <exception cref="UserErrorException">The tensor reaches outside its storage, or its values are damaged or missing.</exception>
    internal Tensor Read(string name)
    {
        try { return Read(name, tensors[name]); }
        catch (PickleRefusedException e) { throw Refuse(file.Path, e); }
    }

    public void Dispose() => file.Dispose();

    private static UserErrorException Refuse(string path, PickleRefusedException e) => new(
        $"{path} was refused: it holds {e.Message}. Nothing in it was run. Expected a state dict as torch.save writes "
            + "it; get the file again, or save only model.state_dict().", e);

    private bool IsZip => file.Length >= 4 && file.Span(0, 4).SequenceEqual("PK\u0003\u0004"u8);

    private object? ReadZip()
    {
        foreach (var (name, entry) in StoredZip.Read(file)) entries.Add(name, entry);
        var pickles = entries.Keys.Where(n => n == "data.pkl" || n.EndsWith("/data.pkl", StringComparison.Ordinal)).ToArray();
        if (pickles.Length != 1)
            throw new PickleRefusedException($"{pickles.Length} entries named data.pkl in a zip file, where a checkpoint has one");
        prefix = pickles[0][..^"data.pkl".Length];
        if (entries.TryGetValue(prefix + "byteorder", out var order) && !(order.Length == 6 && file.Span(order.Offset, 6).SequenceEqual("little"u8)))
            throw new PickleRefusedException("values in an order of bytes that is not little-endian");
        var pickle = entries[pickles[0]];
        StoredZip.Check(file, pickle);
        if (pickle.Length > LargestPickle)
            throw new PickleRefusedException($"a pickle of {pickle.Length:N0} bytes; at most {LargestPickle:N0} are read");
        var (root, _) = PickleReader.Read(file.Span(pickle.Offset, (int)pickle.Length));
        return root;
    }

    // Five pickles (a magic number, a version, the machine, the object, the storages' keys), then each storage's count and values.
    private object? ReadLegacy()
    {
        long at = 0;
        object? Next()
        {
            var (value, length) = PickleReader.Read(file.Span(at, (int)Math.Min(LargestPickle, file.Length - at)));
            at += length;
            return value;
        }
        if (file.Length < 16 || file.Span(0, 1)[0] != 0x80) throw new PickleRefusedException("neither a zip file nor a stream of torch's");
        if (Next() is not BigInteger magic || magic != LegacyMagic)
            throw new PickleRefusedException("a pickle that does not begin with torch's magic number");
        if (Next() is not 1001L) throw new PickleRefusedException("a version of torch's stream other than 1001");
        if (Next() is not PickleDict machine || machine.Items.GetValueOrDefault("little_endian") is not true)
            throw new PickleRefusedException("values in an order of bytes that is not little-endian");
        var recorder = Next();
        if (Next() is not PickleList keys) throw new PickleRefusedException("no list of storages");
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        Collect(recorder, sizes, new(ReferenceEqualityComparer.Instance));
        foreach (var key in keys.Items)
        {
            if (key is not string name || !sizes.TryGetValue(name, out int size))
                throw new PickleRefusedException("a storage that no tensor uses, whose size is not known");
            if (at > file.Length - 8)
                throw new PickleRefusedException($"an end where storage {PickleNames.Printable(name)} is promised: it is cut off");
            long count = BinaryPrimitives.ReadInt64LittleEndian(file.Span(at, 8));
            at += 8;
            if (count < 0 || count > (file.Length - at) / size)
                throw new PickleRefusedException(
                    $"a storage of {count:N0} values where {file.Length - at:N0} bytes are left: it is cut off or damaged");
            if (!storages.TryAdd(name, (at, count * size))) throw new PickleRefusedException($"the storage {PickleNames.Printable(name)} twice");
            at += count * size;
        }
        return recorder;
    }

    // The stream tells a storage's count only; its values' size stands with the tensors.
    private static void Collect(object? value, Dictionary<string, int> sizes, HashSet<object> seen)
    {
        if (value is null || !seen.Add(value)) return; // a pickle may name one container many times; nesting is bounded where it is read
        IEnumerable<object?> children = value switch
        {
            PickleDict dict => dict.Items.Values.Concat(dict.Others),
            PickleList list => list.Items,
            PickleTuple tuple => tuple.Items,
            _ => [],
        };
        if (
            value is PickledTensor { Storage: var storage } && !sizes.TryAdd(storage.Key, SizeOf(storage.Type))
                && sizes[storage.Key] != SizeOf(storage.Type))
            throw new PickleRefusedException($"the storage {PickleNames.Printable(storage.Key)} under two types");
        foreach (var child in children) Collect(child, sizes, seen);
    }

    private static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.ComplexFloat64 => 16,
        ScalarType.Float64 or ScalarType.Int64 or ScalarType.ComplexFloat32 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        _ => 1,
    };

    // Training checkpoints wrap the state dict beside an optimiser's state, an epoch and the like.
    private void Find(object? root, int level)
    {
        if (root is not PickleDict dict) throw new PickleRefusedException($"{PickleReader.Kind(root)} where a state dict is expected");
        foreach (var wrapper in Wrappers)
            if (level < 4 && dict.Items.GetValueOrDefault(wrapper) is PickleDict inner)
            {
                Find(inner, level + 1);
                return;
            }
        var odd = dict.Items.Where(i => i.Value is not PickledTensor).Select(
            i => $"{PickleNames.Printable(i.Key)} ({PickleReader.Kind(i.Value)})").ToList();
        if (odd.Count > 0 || dict.IsEmpty)
            throw new PickleRefusedException(
                $"a dictionary of {dict.Items.Count} entries that is no state dict{(odd.Count > 0 ? ": " + string.Join(", ", odd.Take(5)) : "")}");
        foreach (var (name, value) in dict.Items) tensors.Add(name, (PickledTensor)value!);
    }

    private Tensor Read(string name, PickledTensor tensor)
    {
        var (storageAt, storageBytes) = Locate(tensor.Storage);
        int size = SizeOf(tensor.Storage.Type);
        if (tensor.Storage.Count > storageBytes / size)
            throw new PickleRefusedException($"a storage of {tensor.Storage.Count:N0} values in {storageBytes:N0} bytes: it is cut off or damaged");
        var (count, reach) = Extent(tensor); // values, and storage values from the first to the last
        var first = (Int128)tensor.Storage.Start + tensor.Offset;
        if (first + reach > tensor.Storage.Count)
            throw new PickleRefusedException(
                $"the tensor {PickleNames.Printable(name)}, which reaches beyond its storage of {tensor.Storage.Count:N0} values");
        if (count > reach)
            throw new PickleRefusedException($"the tensor {PickleNames.Printable(name)}, whose {count:N0} values share {reach:N0} places");
        if (reach * size > Array.MaxLength)
            throw new PickleRefusedException(
                $"the tensor {PickleNames.Printable(name)} of {reach * size:N0} bytes; at most {Array.MaxLength:N0} are read");
        bytesRead += (long)reach * size;
        if (bytesRead > MostViews * file.Length)
            throw new PickleRefusedException($"tensors that take {bytesRead:N0} bytes from a file of {file.Length:N0}: too many share one storage");
        long at = storageAt + (long)first * size;
        if (IsContiguous(tensor)) return file.Values(at, tensor.Sizes, tensor.Storage.Type);
        using var values = file.Values(at, [(long)reach], tensor.Storage.Type);
        using var strided = values.as_strided(tensor.Sizes, tensor.Strides);
        return strided.contiguous().DetachFromDisposeScope();
    }

    private (long Offset, long Bytes) Locate(PickledStorage storage)
    {
        if (entries.Count == 0)
            return storages.TryGetValue(storage.Key, out var found)
                ? found
                : throw new PickleRefusedException($"no storage {PickleNames.Printable(storage.Key)}");
        if (!entries.TryGetValue($"{prefix}data/{storage.Key}", out var entry))
            throw new PickleRefusedException($"no storage {PickleNames.Printable(storage.Key)}");
        if (checkedEntries.Add(entry.Name)) StoredZip.Check(file, entry);
        return (entry.Offset, entry.Length);
    }

    private static (Int128 Count, Int128 Reach) Extent(PickledTensor tensor)
    {
        if (Array.IndexOf(tensor.Sizes, 0) >= 0) return (0, 0);
        Int128 count = 1, reach = 1;
        for (int i = 0; i < tensor.Sizes.Length; i++)
        {
            count *= tensor.Sizes[i];
            reach += (Int128)(tensor.Sizes[i] - 1) * tensor.Strides[i];
            if (count > long.MaxValue || reach > long.MaxValue) throw new PickleRefusedException("a tensor of more values than can be counted");
        }
        return (count, reach);
    }

    private static bool IsContiguous(PickledTensor tensor)
    {
        long expected = 1;
        for (int i = tensor.Sizes.Length - 1; i >= 0; i--)
        {
            if (tensor.Sizes[i] != 1 && tensor.Strides[i] != expected) return false;
            expected *= tensor.Sizes[i];
        }
        return true;
    }
}
