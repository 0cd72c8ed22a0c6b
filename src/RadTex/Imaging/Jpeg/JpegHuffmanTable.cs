namespace RadTex.Imaging.Jpeg;

/// <summary>A Huffman table of a JPEG stream (ITU T.81, annex C): short codes by one look-up, long ones by comparison.</summary>
internal sealed class JpegHuffmanTable
{
    private const int FastBits = 10;

    private readonly (byte Symbol, byte Length)[] fast = new (byte, byte)[1 << FastBits];
    private readonly int[] limits = new int[17]; // the first 16-bit window beyond the codes of a length
    private readonly int[] offsets = new int[17];
    private readonly byte[] symbols;

    /// <param name="counts">How many codes have 1 to 16 bits.</param>
    /// <param name="symbols">Their symbols, shortest first.</param>
    internal JpegHuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        this.symbols = symbols.ToArray();
        int code = 0, index = 0;
        for (int length = 1; length <= 16; length++, code <<= 1)
        {
            offsets[length] = index - code;
            for (int i = 0; i < counts[length - 1]; i++, code++, index++)
            {
                if (code >> length != 0) throw JpegDecoder.Damaged("a Huffman table of its JPEG has too many codes");
                if (length <= FastBits)
                    fast.AsSpan(code << (FastBits - length), 1 << (FastBits - length)).Fill((symbols[index], (byte)length));
            }
            limits[length] = code << (16 - length);
        }
    }

    /// <summary>The symbol of the code at the top of 16 bits, and its length.</summary>
    internal (int Symbol, int Length) Find(int window) =>
        Find(window, orElse: -1) is var found && found.Length >= 0 ? found : throw JpegDecoder.Damaged("a code of its JPEG is in no Huffman table");

    /// <summary>The same, with a length of <paramref name="orElse"/> where there is no such code.</summary>
    internal (int Symbol, int Length) Find(int window, int orElse)
    {
        var (symbol, length) = fast[window >> (16 - FastBits)];
        if (length > 0) return (symbol, length);
        for (int long_ = FastBits + 1; long_ <= 16; long_++)
            if (window < limits[long_]) return (symbols[offsets[long_] + (window >> (16 - long_))], long_);
        return (0, orElse);
    }
}
