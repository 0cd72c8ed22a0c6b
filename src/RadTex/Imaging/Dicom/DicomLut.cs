using System.Numerics;

namespace RadTex.Imaging.Dicom;

/// <summary>A lookup table of a modality or VOI LUT sequence (PS3.3, C.11.1 and C.11.2): values outside it take its first or last entry.</summary>
internal sealed class DicomLut
{
    private readonly int first;
    private readonly ushort[] entries;

    private DicomLut(int first, ushort[] entries, int bits)
    {
        (this.first, this.entries) = (first, entries);
        // Some devices state 16 bits and fill 12: the range is what the entries need, and no more than is stated.
        int needed = 32 - BitOperations.LeadingZeroCount((uint)entries.Max());
        Largest = (1 << Math.Clamp(needed, 1, bits is >= 8 and <= 16 ? bits : 16)) - 1;
    }

    /// <summary>The largest output.</summary>
    internal int Largest { get; }

    internal int this[double value] => entries[(int)Math.Clamp(Math.Round(value) - first, 0, entries.Length - 1)];

    /// <summary>The table of a sequence's first item; null where there is none.</summary>
    /// <param name="data">The level that has the sequence.</param>
    /// <param name="sequence">Its tag.</param>
    /// <param name="signedInput">Whether what is looked up can be negative.</param>
    /// <exception cref="ImageFaultException">The table is damaged.</exception>
    internal static DicomLut? Read(DicomDataset data, uint sequence, bool signedInput) =>
        data.FirstItem(sequence) is { } item ? Of(item, signedInput) : null;

    /// <summary>The tables of a sequence's first items, each with its explanation.</summary>
    /// <param name="data">The level that has the sequence.</param>
    /// <param name="sequence">Its tag.</param>
    /// <param name="signedInput">Whether what is looked up can be negative.</param>
    /// <param name="most">Later ones are not read.</param>
    /// <exception cref="ImageFaultException">A table is damaged.</exception>
    internal static IReadOnlyList<DicomLut> ReadAll(DicomDataset data, uint sequence, bool signedInput, int most) =>
        [.. data.Items(sequence, most).Select(item => Of(item, signedInput))];

    private static DicomLut Of(DicomDataset item, bool signedInput)
    {
        int? count = item.UInt16(DicomTag.LutDescriptor), bits = item.UInt16(DicomTag.LutDescriptor, 2);
        int? first = item.Int16(DicomTag.LutDescriptor, item.IsSigned(DicomTag.LutDescriptor, signedInput), 1);
        if (count is null || first is null || bits is null) throw DicomPixels.Damaged("a lookup table without a descriptor");
        int length = count == 0 ? 65_536 : count.Value;
        var bytes = item.Bytes(DicomTag.LutData);
        if (bytes.Length >= 2 * length) return new DicomLut(first.Value, item.Words(DicomTag.LutData)[..length], bits.Value);
        if (bytes.Length < length || bits > 8) throw DicomPixels.Damaged($"a lookup table of {length:N0} entries in {bytes.Length:N0} bytes");
        return new DicomLut(first.Value, [.. bytes[..length].ToArray().Select(b => (ushort)b)], bits.Value);
    }
}
