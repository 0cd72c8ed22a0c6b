using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// The names a checkpoint's pickle may utter, and what calling them means here. Nothing is ever looked up or run: a name that is not in
/// these lists ends the reading.
/// </summary>
internal static class PickleNames
{
    private const string OrderedDict = "collections.OrderedDict", Size = "torch.Size", DeviceName = "torch.device", Encode = "_codecs.encode",
        NumpyType = "numpy.dtype",
        RebuildTensor = "torch._utils._rebuild_tensor", RebuildTensor2 = "torch._utils._rebuild_tensor_v2",
        RebuildParameter = "torch._utils._rebuild_parameter",
        NumpyScalar = "numpy.core.multiarray.scalar", NumpyScalar2 = "numpy._core.multiarray.scalar";

    private const int MostDimensions = 16;

    private static readonly Dictionary<string, ScalarType> Storages = new()
    {
        ["torch.DoubleStorage"] = ScalarType.Float64,
        ["torch.FloatStorage"] = ScalarType.Float32,
        ["torch.HalfStorage"] = ScalarType.Float16,
        ["torch.BFloat16Storage"] = ScalarType.BFloat16,
        ["torch.LongStorage"] = ScalarType.Int64,
        ["torch.IntStorage"] = ScalarType.Int32,
        ["torch.ShortStorage"] = ScalarType.Int16,
        ["torch.CharStorage"] = ScalarType.Int8,
        ["torch.ByteStorage"] = ScalarType.Byte,
        ["torch.BoolStorage"] = ScalarType.Bool,
        ["torch.ComplexFloatStorage"] = ScalarType.ComplexFloat32,
        ["torch.ComplexDoubleStorage"] = ScalarType.ComplexFloat64,
    };

    private static readonly HashSet<string> Known =
    [
        OrderedDict, Size, DeviceName, Encode, NumpyType, RebuildTensor, RebuildTensor2, RebuildParameter, NumpyScalar, NumpyScalar2,
        .. Storages.Keys,
        "torch.float64", "torch.float32", "torch.float16", "torch.bfloat16", "torch.int64", "torch.int32", "torch.int16", "torch.int8", "torch.uint8",
        "torch.bool",
        "torch.contiguous_format", "torch.strided",
    ];

    /// <summary>The storage class of a type, as torch calls it.</summary>
    internal static string StorageName(ScalarType type) => Storages.First(s => s.Value == type).Key;

    /// <exception cref="PickleRefusedException">The name is not one of those a checkpoint needs.</exception>
    internal static PickleGlobal Find(string module, string name)
    {
        var full = $"{module}.{name}";
        return Known.Contains(full) ? new(full) : throw new PickleRefusedException(
            $"the name {Printable(full)}, which no tensor, container, number or text needs");
    }

    /// <summary>What calling a known name gives.</summary>
    internal static object? Call(object? function, object? arguments)
    {
        if (function is not PickleGlobal(var name)) throw new PickleRefusedException("a call of something that is no known name");
        if (arguments is not PickleTuple { Items: var items }) throw new PickleRefusedException($"a call of {name} without a tuple of arguments");
        return (name, items) switch
        {
            (OrderedDict, []) => new PickleDict(),
            (OrderedDict, [PickleList pairs]) => OfPairs(pairs),
            (Size, [PickleTuple sizes]) => sizes,
            (DeviceName, [string device, ..]) => device,
            (RebuildParameter, [PickledTensor tensor, ..]) => tensor,
            (RebuildTensor or RebuildTensor2, [PickledStorage storage, long offset, PickleTuple sizes, PickleTuple strides, ..]) =>
                Tensor(storage, offset, sizes, strides),
            (Encode, [string text, "latin1" or "latin-1"]) => Encoding.Latin1.GetBytes(text),
            (NumpyType, [string code, ..]) => new PickleNumpyType(code),
            (NumpyScalar or NumpyScalar2, [PickleNumpyType type, byte[] bytes]) => Number(type.Code, bytes),
            _ => throw new PickleRefusedException($"a call of {name} with arguments it does not take"),
        };
    }

    /// <summary>A storage by the tuple that names it.</summary>
    internal static PickledStorage Storage(object? id) => id switch
    {
        PickleTuple { Items: ["storage", PickleGlobal type, string key, string, long count] } => new(key, TypeOf(type), Count(count)),
        PickleTuple { Items: ["storage", PickleGlobal type, string key, string, long count, null] } => new(key, TypeOf(type), Count(count)),
        PickleTuple { Items: ["storage", PickleGlobal type, string key, string, long count, PickleTuple { Items: [string, long start, long size] }] }
            when start >= 0 && size >= 0 && start <= count && size <= count - start => new(key, TypeOf(type), Count(count), start),
        _ => throw new PickleRefusedException("a reference to something that is no storage of torch's"),
    };

    /// <summary>Text from a file, made fit to be printed.</summary>
    internal static string Printable(string text) =>
        string.Concat(text.Take(80).Select(c => char.IsAsciiLetterOrDigit(c) || "._-+:/<>[]() ".Contains(c) ? c : '?'))
            + (text.Length > 80 ? "..." : "");

    private static ScalarType TypeOf(PickleGlobal type) =>
        Storages.TryGetValue(type.Name, out var scalar) ? scalar : throw new PickleRefusedException($"a storage of the type {type.Name}");

    private static long Count(long count) => count >= 0 ? count : throw new PickleRefusedException($"a storage of {count} values");

    private static PickleDict OfPairs(PickleList pairs)
    {
        var dict = new PickleDict();
        foreach (var pair in pairs.Items)
        {
            var (key, value) = pair switch
            {
                PickleTuple { Items: [var k, var v] } => (k, v),
                PickleList { Items: [var k, var v] } => (k, v),
                _ => throw new PickleRefusedException("an OrderedDict of something else than pairs"),
            };
            dict.Set(key, value);
        }
        return dict;
    }

    private static PickledTensor Tensor(PickledStorage storage, long offset, PickleTuple sizes, PickleTuple strides)
    {
        if (sizes.Items.Length != strides.Items.Length || sizes.Items.Length > MostDimensions)
            throw new PickleRefusedException($"a tensor of {sizes.Items.Length} sizes and {strides.Items.Length} strides");
        long[] Values(PickleTuple tuple) => Array.ConvertAll(
            tuple.Items,
            v => v is long n and >= 0 and <= int.MaxValue
                ? n
                : throw new PickleRefusedException("a tensor whose size or stride is no number of 0 to 2,147,483,647"));
        if (offset < 0) throw new PickleRefusedException($"a tensor that starts at value {offset}");
        return new(storage, offset, Values(sizes), Values(strides));
    }

    private static object Number(string code, byte[] bytes) => (code, bytes.Length) switch
    {
        ("f8", 8) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        ("f4", 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
        ("i8", 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        ("i4", 4) => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ("b1", 1) => bytes[0] != 0,
        _ => throw new PickleRefusedException($"a numpy number of type {Printable(code)} in {bytes.Length} bytes"),
    };
}
