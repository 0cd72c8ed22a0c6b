namespace RadTex.Imaging.Jpeg;

/// <summary>The scan of a lossless JPEG: each sample is predicted from its neighbours and the difference is coded (ITU T.81, annex H).</summary>
internal sealed class JpegLosslessScan(int rows, int columns, int predictor, int precision, int shift, JpegHuffmanTable codes)
{
    /// <summary>Rows x columns samples, shifted back by the point transform.</summary>
    /// <param name="stream">The whole JPEG.</param>
    /// <param name="at">Where the coded data starts.</param>
    /// <param name="restartRows">A restart every so many rows; 0 for none.</param>
    internal ushort[] Decode(ReadOnlySpan<byte> stream, int at, int restartRows)
    {
        var samples = GC.AllocateUninitializedArray<ushort>(rows * columns);
        var bits = new JpegBits(stream, at);
        for (int y = 0, restarts = 0; y < rows; y++)
        {
            bool first = y == 0;
            if (restartRows > 0 && y > 0 && y % restartRows == 0)
            {
                bits.Restart(restarts++);
                first = true;
            }
            var row = samples.AsSpan(y * columns, columns);
            if (first) DecodeFirst(ref bits, row);
            else DecodeRow(ref bits, row, samples.AsSpan((y - 1) * columns, columns));
            if (bits.Overran) throw JpegDecoder.Damaged("its JPEG is cut off");
        }
        if (shift > 0)
            for (int i = 0; i < samples.Length; i++) samples[i] <<= shift;
        return samples;
    }

    /// <summary>The first row, also after a restart: half the range, then the neighbour to the left.</summary>
    private void DecodeFirst(ref JpegBits bits, Span<ushort> row)
    {
        int left = 1 << (precision - shift - 1);
        for (int x = 0; x < row.Length; x++) left = row[x] = (ushort)(left + Difference(ref bits));
    }

    private void DecodeRow(ref JpegBits bits, Span<ushort> row, ReadOnlySpan<ushort> above)
    {
        int a = row[0] = (ushort)(above[0] + Difference(ref bits));
        for (int x = 1; x < row.Length; x++)
        {
            int b = above[x], c = above[x - 1];
            int predicted = predictor switch
            {
                1 => a,
                2 => b,
                3 => c,
                4 => a + b - c,
                5 => a + ((b - c) >> 1),
                6 => b + ((a - c) >> 1),
                _ => (a + b) >> 1,
            };
            a = row[x] = (ushort)(predicted + Difference(ref bits)); // modulo 65,536, as the standard has it
        }
    }

    private int Difference(ref JpegBits bits)
    {
        int category = bits.TakeSymbol(codes);
        return category <= 16 ? bits.TakeDifference(category) : throw JpegDecoder.Damaged("a difference of its JPEG has more than 16 bits");
    }
}
