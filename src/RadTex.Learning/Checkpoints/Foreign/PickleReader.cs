using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>
/// Reads one pickle as data: a stack machine (Python's pickletools documents its operations) that knows dictionaries, lists, tuples,
/// numbers, text and the names of <see cref="PickleNames"/>. Every other operation and name is refused: nothing in a file can run.
/// </summary>
/// <remarks>Memory stays within a small multiple of the pickle: no length is believed beyond the bytes that are there, and copies are
/// references.</remarks>
internal ref struct PickleReader
{
    private const int MostValuesAtOnce = 100_000, MostMarks = 256, MostRemembered = 2_000_000, LongestInteger = 64;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> pickle;
    private readonly List<object?> stack = [];
    private readonly Stack<int> marks = [];
    private readonly Dictionary<long, object?> memo = [];
    private int at;

    private PickleReader(ReadOnlySpan<byte> pickle) => this.pickle = pickle;

    /// <summary>Reads the pickle that stands at the start of the bytes.</summary>
    /// <returns>What it holds, and how many bytes it took.</returns>
    /// <exception cref="PickleRefusedException">It is cut off, malformed, or holds what is not read; the message names it.</exception>
    internal static (object? Value, int Length) Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new PickleReader(bytes);
        return (reader.Run(), reader.at);
    }

    private object? Run()
    {
        while (true)
        {
            int operation = Take(1)[0];
            switch (operation)
            {
                case '.':
                    return stack.Count == 1 && marks.Count == 0
                    ? stack[0]
                    : throw new PickleRefusedException($"an end with {stack.Count} values left");
                case 0x80: Version(Take(1)[0]); break;
                case 0x95: Take(8); break; // a frame's length: a hint for streams
                case '(': PushMark(); break;
                case '0': Pop(); break;
                case '1': PopToMark(); break;
                case '2': Push(Peek()); break;
                case 'N': Push(null); break;
                case 0x88: Push(true); break;
                case 0x89: Push(false); break;
                case 'I': Push(TextInteger(Line())); break;
                case 'L': Push(TextInteger(Line().TrimEnd('L'))); break;
                case 'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
                case 'K': Push((long)Take(1)[0]); break;
                case 'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
                case 0x8A: PushInteger(Take(1)[0]); break;
                case 0x8B: PushInteger(Length(4)); break;
                case 'F':
                    Push(
                    double.TryParse(Line(), NumberStyles.Float, CultureInfo.InvariantCulture, out double f)
                        ? f
                        : throw new PickleRefusedException("a number that is none")); break;
                case 'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
                case 'U': Push(Encoding.Latin1.GetString(Take(Take(1)[0]))); break;
                case 'T': Push(Encoding.Latin1.GetString(Take(Length(4)))); break;
                case 0x8C: Push(Text(Take(Take(1)[0]))); break;
                case 'X': Push(Text(Take(Length(4)))); break;
                case 0x8D: Push(Text(Take(Length(8)))); break;
                case 'C': Push(Take(Take(1)[0]).ToArray()); break;
                case 'B': Push(Take(Length(4)).ToArray()); break;
                case 0x8E: Push(Take(Length(8)).ToArray()); break;
                case ']': Push(new PickleList()); break;
                case 'l': Push(Append(new PickleList(), PopToMark())); break;
                case 'a': { var item = Pop(); Append(Peek(), [item]); break; }
                case 'e': { var items = PopToMark(); Append(Peek(), items); break; }
                case ')': Push(new PickleTuple([])); break;
                case 't': Push(new PickleTuple(PopToMark())); break;
                case 0x85: Push(new PickleTuple([Pop()])); break;
                case 0x86: { var b = Pop(); Push(new PickleTuple([Pop(), b])); break; }
                case 0x87: { object? c = Pop(), b = Pop(); Push(new PickleTuple([Pop(), b, c])); break; }
                case '}': Push(new PickleDict()); break;
                case 'd': Push(Set(new PickleDict(), PopToMark())); break;
                case 's': { object? value = Pop(), key = Pop(); Set(Peek(), [key, value]); break; }
                case 'u': { var items = PopToMark(); Set(Peek(), items); break; }
                case 'c': { var module = Line(); Push(PickleNames.Find(module, Line())); break; }
                case 0x93: { object? name = Pop(), module = Pop(); Push(PickleNames.Find(module as string ?? "?", name as string ?? "?")); break; }
                case 'R': { var arguments = Pop(); Push(PickleNames.Call(Pop(), arguments)); break; }
                case 'b': Build(Pop()); break;
                case 'Q': Push(PickleNames.Storage(Pop())); break;
                case 'p': Remember(TextInteger(Line()) as long? ?? -1); break;
                case 'q': Remember(Take(1)[0]); break;
                case 'r': Remember(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
                case 0x94: Remember(memo.Count); break;
                case 'g': Push(Recall(TextInteger(Line()) as long? ?? -1)); break;
                case 'h': Push(Recall(Take(1)[0])); break;
                case 'j': Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
                default: throw new PickleRefusedException($"the operation {Name(operation)}, which no state dict needs");
            }
        }
    }

    private static string Name(int operation) => operation switch
    {
        'i' => "INST",
        'o' => "OBJ",
        0x81 => "NEWOBJ",
        0x92 => "NEWOBJ_EX",
        0x82 => "EXT1",
        0x83 => "EXT2",
        0x84 => "EXT4",
        'P' => "PERSID",
        'S' => "STRING",
        'V' => "UNICODE",
        0x8F => "EMPTY_SET",
        0x90 => "ADDITEMS",
        0x91 => "FROZENSET",
        0x96 => "BYTEARRAY8",
        0x97 => "NEXT_BUFFER",
        0x98 => "READONLY_BUFFER",
        _ => $"0x{operation:X2}",
    };

    private static void Version(int version)
    {
        if (version > 5) throw new PickleRefusedException($"pickle version {version}; 0 to 5 are known");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > pickle.Length - at)
            throw new PickleRefusedException(
                $"an end after {pickle.Length:N0} bytes where {count:N0} more are promised from byte {at:N0} on: it is cut off or damaged");
        at += count;
        return pickle.Slice(at - count, count);
    }

    private int Length(int bytes)
    {
        ulong length = bytes == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(Take(4)) : BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        return length <= (ulong)(pickle.Length - at) ? (int)length
            : throw new PickleRefusedException($"a length of {length:N0} bytes where {pickle.Length - at:N0} are left: it is cut off or damaged");
    }

    private string Line()
    {
        int length = pickle[at..].IndexOf((byte)'\n');
        if (length is < 0 or > 1024) throw new PickleRefusedException("a line without an end: it is cut off or damaged");
        var line = Text(Take(length));
        at++;
        return line;
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        try { return Utf8.GetString(bytes); }
        catch (DecoderFallbackException e) { throw new PickleRefusedException("text that is not UTF-8", e); }
    }

    private static object TextInteger(string text) => text switch
    {
        "00" => false,
        "01" => true,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) => value,
        _ => throw new PickleRefusedException($"the whole number {PickleNames.Printable(text)}"),
    };

    private void PushInteger(int length)
    {
        if (length > LongestInteger) throw new PickleRefusedException($"a whole number of {length:N0} bytes");
        var value = new BigInteger(Take(length));
        if (value >= long.MinValue && value <= long.MaxValue) Push((long)value);
        else Push(value);
    }

    private readonly void Push(object? value)
    {
        if (stack.Count >= MostValuesAtOnce) throw new PickleRefusedException($"more than {MostValuesAtOnce:N0} values at once");
        stack.Add(value);
    }

    private readonly object? Peek() =>
        stack.Count > Floor ? stack[^1] : throw new PickleRefusedException("an operation on a value that is not there");

    private readonly object? Pop()
    {
        var value = Peek();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private readonly int Floor => marks.Count > 0 ? marks.Peek() : 0;

    private readonly void PushMark()
    {
        if (marks.Count >= MostMarks) throw new PickleRefusedException($"containers nested more than {MostMarks} deep");
        marks.Push(stack.Count);
    }

    private readonly object?[] PopToMark()
    {
        if (!marks.TryPop(out int mark)) throw new PickleRefusedException("the end of a container that was not begun");
        object?[] items = [.. stack.Skip(mark)];
        stack.RemoveRange(mark, stack.Count - mark);
        return items;
    }

    private static PickleList Append(object? list, object?[] items)
    {
        if (list is not PickleList target) throw new PickleRefusedException("an append to something that is no list");
        foreach (var item in items) target.Add(item);
        return target;
    }

    private static PickleDict Set(object? dict, object?[] items)
    {
        if (dict is not PickleDict target || items.Length % 2 != 0) throw new PickleRefusedException("entries for something that is no dictionary");
        for (int i = 0; i < items.Length; i += 2) target.Set(items[i], items[i + 1]);
        return target;
    }

    /// <summary>A state may be given to an OrderedDict (torch notes its version there: not needed) and to a numpy dtype (its byte order).</summary>
    private readonly void Build(object? state)
    {
        var target = Peek();
        bool harmless = target is PickleDict && state is PickleDict
            || target is PickleNumpyType && state is PickleTuple { Items: [long, "<" or "|" or "=", ..] };
        if (!harmless) throw new PickleRefusedException($"the operation BUILD on {Kind(target)}");
    }

    private readonly void Remember(long index)
    {
        if (index < 0 || memo.Count >= MostRemembered) throw new PickleRefusedException($"more than {MostRemembered:N0} remembered values");
        memo[index] = Peek();
    }

    private readonly object? Recall(long index) =>
        memo.TryGetValue(index, out var value) ? value : throw new PickleRefusedException($"value {index} recalled that was not remembered");

    /// <summary>A value in words.</summary>
    internal static string Kind(object? value) => value switch
    {
        null => "None",
        PickledTensor => "a tensor",
        PickleGlobal global => $"the name {global.Name}",
        PickleDict => "a dictionary",
        PickleList or PickleTuple => "a list",
        string => "a text",
        _ => "a number",
    };
}
