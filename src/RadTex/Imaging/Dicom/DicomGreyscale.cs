namespace RadTex.Imaging.Dicom;

/// <summary>From stored words to grey levels, through a table of the values that occur (PS3.3, C.7.6.3.1.2 and C.11; PS3.4, N.2).</summary>
internal sealed class DicomGreyscale
{
    private const int MostTables = 8;

    private readonly DicomImage image;
    private readonly int mask, shift, signBit;
    private readonly int[] present; // the codes that occur, ascending

    internal DicomGreyscale(DicomImage image)
    {
        this.image = image;
        var header = image.Header;
        mask = (1 << header.BitsStored) - 1;
        shift = header.HighBit + 1 - header.BitsStored;
        signBit = header.IsSigned ? 1 << (header.BitsStored - 1) : 0;
        var occurs = new bool[mask + 1];
        var (right, kept) = (shift, mask);
        foreach (ushort word in image.Words) occurs[(word >> right) & kept] = true;
        present = [.. Enumerable.Range(0, occurs.Length).Where(code => occurs[code])];
    }

    /// <summary>
    /// As a screen shows it: modality, then VOI, then the presentation shape or the photometric interpretation; padding is black.
    /// 0 black to 65,535 white, in the image's own words.
    /// </summary>
    /// <remarks>INVERSE is the shape a MONOCHROME1 image must state (PS3.3, C.8.11.3.1.2): both ask for the same one inversion, never for
    /// two.</remarks>
    internal ushort[] Display()
    {
        var modality = Modality();
        var padded = Padding();
        var range = Voi([.. present.Where(code => !padded(Stored(code))).Select(modality)]);
        bool invert = IsInverted;
        return Map(code => padded(Stored(code)) ? 0 : Math.Round(ushort.MaxValue * (invert ? 1 - range(modality(code)) : range(modality(code)))));
    }

    /// <summary>The image in its stored values, counted from the smallest there can be, with the tables that show them as <see cref="Display"/>
    /// does: the file's lookup tables, then its windows, then from the smallest to the largest value.</summary>
    internal FullRadiograph Full()
    {
        var modality = Modality();
        var padded = Padding();
        bool invert = IsInverted;
        double[] values = [.. present.Where(code => !padded(Stored(code))).Select(modality)];
        double min = values.DefaultIfEmpty().Min(), max = values.DefaultIfEmpty().Max();
        var tables = new List<GreyTable>();
        void Add(string name, Func<double, double> range) => tables.Add(GreyTable.Of(name, mask + 1, value =>
        {
            int code = value ^ signBit;
            return padded(Stored(code)) ? 0 : invert ? 1 - range(modality(code)) : range(modality(code));
        }));
        foreach (var (lut, i) in DicomLut.ReadAll(image.Data, DicomTag.VoiLutSequence, min < 0, MostTables).Select((l, i) => (l, i)))
            Add($"table {i + 1}", value => Math.Min(1, (double)lut[value] / lut.Largest));
        foreach (var (window, i) in DicomWindow.ReadAll(image.Data).Take(MostTables).Select((w, i) => (w, i))) Add($"window {i + 1}", window.Apply);
        Add("whole range", Spread(min, max));
        var (right, kept, sign) = (shift, mask, signBit);
        if (right != 0 || kept != ushort.MaxValue || sign != 0)
            foreach (ref ushort word in image.Words.AsSpan()) word = (ushort)(((word >> right) & kept) ^ sign);
        double slope = image.Data.Decimal(DicomTag.RescaleSlope) ?? 1, intercept = image.Data.Decimal(DicomTag.RescaleIntercept) ?? 0;
        return new(image.Words, image.Header.Rows, image.Header.Columns, tables)
        {
            IsInverted = invert,
            UnitSlope = slope,
            UnitIntercept = intercept - slope * signBit,
        };
    }

    /// <summary>The stored values; those below 0 are 0.</summary>
    internal ushort[] StoredValues() => Map(code => Math.Max(0, Stored(code)));

    /// <summary>
    /// Stretched from the smallest to the largest stored value to 0 to 255, and inverted for MONOCHROME1 (how MIMIC-CXR-JPG was made, before its
    /// equalisation).
    /// </summary>
    internal byte[] Stretched()
    {
        double min = present.Min(Stored), spread = Math.Max(1, present.Max(Stored) - min);
        bool invert = image.Header.LowIsBright;
        var words = Map(code => Math.Clamp(Math.Floor((Stored(code) - min) / spread * 255), 0, 255) is var grey && invert ? 255 - grey : grey);
        var bytes = new byte[words.Length];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)words[i];
        return bytes;
    }

    /// <summary>From codes to what the device measured: the file's table, else its slope and intercept.</summary>
    private Func<int, double> Modality()
    {
        var data = image.Data;
        if (DicomLut.Read(data, DicomTag.ModalityLutSequence, image.Header.IsSigned) is { } lut) return code => lut[Stored(code)];
        double slope = data.Decimal(DicomTag.RescaleSlope) ?? 1, intercept = data.Decimal(DicomTag.RescaleIntercept) ?? 0;
        return code => Stored(code) * slope + intercept;
    }

    /// <summary>
    /// From modality values to 0 to 1: the file's first lookup table, else its first window, else from the smallest to the largest value that occurs.
    /// </summary>
    private Func<double, double> Voi(double[] values)
    {
        double min = values.DefaultIfEmpty().Min(), max = values.DefaultIfEmpty().Max();
        if (DicomLut.Read(image.Data, DicomTag.VoiLutSequence, min < 0) is { } lut) return value => Math.Min(1, (double)lut[value] / lut.Largest);
        if (DicomWindow.Read(image.Data) is { } window) return window.Apply;
        return Spread(min, max);
    }

    private bool IsInverted => image.Header.LowIsBright || image.Data.Text(DicomTag.PresentationLutShape) == "INVERSE";

    private static Func<double, double> Spread(double min, double max) =>
        max > min ? value => Math.Clamp((value - min) / (max - min), 0, 1) : _ => 0;

    /// <summary>Whether a stored value stands for "no image here".</summary>
    private Func<int, bool> Padding()
    {
        int? Value(uint tag) => image.Data.Int16(tag, image.Data.IsSigned(tag, image.Header.IsSigned));
        if (Value(DicomTag.PixelPaddingValue) is not { } one) return _ => false;
        int other = Value(DicomTag.PixelPaddingRangeLimit) ?? one, low = Math.Min(one, other), high = Math.Max(one, other);
        return stored => stored >= low && stored <= high;
    }

    /// <summary>The stored value of a code, its sign extended.</summary>
    private int Stored(int code) => (code ^ signBit) - signBit;

    private ushort[] Map(Func<int, double> level)
    {
        var table = new ushort[mask + 1];
        foreach (int code in present) table[code] = (ushort)level(code);
        foreach (ref ushort word in image.Words.AsSpan()) word = table[(word >> shift) & mask];
        return image.Words;
    }
}
