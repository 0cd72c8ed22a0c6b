namespace RadTex.Imaging.Jpeg;

/// <summary>
/// The bits of an entropy-coded JPEG segment. It stops at a marker and gives zeros from there on; <see cref="Overran"/> then says
/// whether any of them was used.
/// </summary>
internal ref struct JpegBits(ReadOnlySpan<byte> stream, int position)
{
    private readonly ReadOnlySpan<byte> stream = stream;
    private ulong window; // the next bits, the first at the top
    private int count; // valid bits in the window, made-up zeros included
    private int madeUp; // zeros after the segment's end that are in the window or were used
    private int position = position;

    /// <summary>Whether bits were taken that the stream does not have.</summary>
    internal readonly bool Overran => madeUp > count;

    /// <summary>Takes the next <paramref name="length"/> bits, 1 to 16.</summary>
    internal int Take(int length)
    {
        if (count < length) Fill();
        int bits = (int)(window >> (64 - length));
        window <<= length;
        count -= length;
        return bits;
    }

    /// <summary>Takes a number of <paramref name="category"/> bits, 0 to 16, as a signed difference (ITU T.81, F.2.2.1 and H.1.2.2).</summary>
    internal int TakeDifference(int category)
    {
        if (category == 0) return 0;
        if (category == 16) return 32768;
        int bits = Take(category);
        return bits < 1 << (category - 1) ? bits - (1 << category) + 1 : bits;
    }

    /// <summary>The symbol of the next Huffman code.</summary>
    internal int TakeSymbol(JpegHuffmanTable table)
    {
        if (count < 16) Fill();
        var (symbol, length) = table.Find((int)(window >> 48));
        window <<= length;
        count -= length;
        return symbol;
    }

    /// <summary>Goes behind the restart marker that must come next.</summary>
    internal void Restart(int number)
    {
        (window, count, madeUp) = (0, 0, 0);
        if (stream.Length - position < 2 || stream[position] != 0xFF || stream[position + 1] != 0xD0 + (number & 7))
            throw JpegDecoder.Damaged("a restart marker is missing in its JPEG");
        position += 2;
    }

    private void Fill()
    {
        while (count <= 56)
        {
            ulong next = 0;
            if (position < stream.Length && (stream[position] != 0xFF || (position + 1 < stream.Length && stream[position + 1] == 0)))
            {
                next = stream[position];
                position += next == 0xFF ? 2 : 1;
            }
            else madeUp += 8;
            window |= next << (56 - count);
            count += 8;
        }
    }
}
