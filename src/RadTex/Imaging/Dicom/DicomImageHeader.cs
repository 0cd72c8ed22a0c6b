namespace RadTex.Imaging.Dicom;

/// <summary>What a file says of its pixels, checked: one frame of grey, 8 or 16 bits allocated (PS3.3, C.7.6.3).</summary>
/// <param name="Rows">Height in pixels.</param>
/// <param name="Columns">Width in pixels.</param>
/// <param name="BitsAllocated">8 or 16.</param>
/// <param name="BitsStored">1 to <paramref name="BitsAllocated"/>.</param>
/// <param name="HighBit">The place of the highest stored bit.</param>
/// <param name="IsSigned">Whether stored values are in two's complement.</param>
/// <param name="LowIsBright">MONOCHROME1: the lowest value is meant to be white.</param>
internal sealed record DicomImageHeader(int Rows, int Columns, int BitsAllocated, int BitsStored, int HighBit, bool IsSigned, bool LowIsBright)
{
    internal int PixelCount => Rows * Columns;

    /// <summary>Reads and checks it: nothing of the image's size is allocated before.</summary>
    /// <exception cref="ImageFaultException">The file has no such image.</exception>
    internal static DicomImageHeader Read(DicomDataset data)
    {
        if (data.Find(DicomTag.PixelData) is null) throw Unsupported("it holds no pixel data");
        int rows = Need(data, DicomTag.Rows, "rows"), columns = Need(data, DicomTag.Columns, "columns");
        ImageBounds.Check(columns, rows);
        var frames = data.Decimal(DicomTag.NumberOfFrames);
        if (frames is not null and not 1)
            throw Unsupported($"it has {frames:0} frames; a radiograph has one. Export the frame wanted as a file of its own");
        int samples = data.UInt16(DicomTag.SamplesPerPixel) ?? 1;
        var photometric = data.Text(DicomTag.PhotometricInterpretation);
        if (samples != 1 || photometric is not ("MONOCHROME1" or "MONOCHROME2"))
            throw Unsupported(
                $"it has {samples} samples a pixel and photometric interpretation {Word(photometric)}; one sample of "
                    + "MONOCHROME1 or MONOCHROME2 is read");
        int allocated = Need(data, DicomTag.BitsAllocated, "bits allocated");
        if (allocated is not (8 or 16)) throw Unsupported($"{allocated} bits allocated; 8 or 16 are read");
        int stored = data.UInt16(DicomTag.BitsStored) ?? allocated;
        int high = data.UInt16(DicomTag.HighBit) ?? stored - 1;
        if (stored < 1 || stored > allocated || high < stored - 1 || high >= allocated)
            throw new ImageFaultException(ImageFault.Unreadable, $"damaged DICOM: {stored} bits stored up to bit {high} of {allocated}");
        return new DicomImageHeader(
            rows, columns, allocated, stored, high, data.UInt16(DicomTag.PixelRepresentation) == 1, photometric == "MONOCHROME1");
    }

    /// <summary>A word of a file for a message: bounded, and no text that could be a patient's.</summary>
    internal static string Word(string text) =>
        text.Length == 0 ? "(none)" : text.Length <= 16 && text
            .All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is ' ' or '_') ? text : "(unreadable)";

    private static int Need(DicomDataset data, uint tag, string what) =>
        data.UInt16(tag) is { } value and > 0
            ? value
            : throw new ImageFaultException(ImageFault.Unreadable, $"damaged DICOM: it does not say its {what}");

    private static ImageFaultException Unsupported(string what) => new(ImageFault.UnsupportedDicom, what);
}
