using NetVips;
using RadTex.Imaging.Dicom;

namespace RadTex.Imaging;

/// <summary>Reads radiographs at full size for a viewer, from the same files and to the same greys as <see cref="GreyImageReader"/>.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public static class FullRadiographReader
{
    /// <summary>Reads one file.</summary>
    /// <param name="path">JPEG, PNG, TIFF or DICOM.</param>
    /// <param name="anyModality">Read DICOM of any modality, not of radiography alone.</param>
    /// <exception cref="ImageFaultException">The file is damaged, of no known format, or beyond the bounds.</exception>
    /// <exception cref="IOException">The file is missing or cannot be opened.</exception>
    public static FullRadiograph Read(string path, bool anyModality = false)
    {
        var format = GreyImageReader.DetectFormat(path);
        try
        {
            return format == ImageFormat.Dicom ? new DicomGreyscale(DicomImage.Read(path, anyModality)).Full() : Read(path, format);
        }
        catch (VipsException e)
        {
            throw new ImageFaultException(ImageFault.Unreadable, $"damaged or cut off: {GreyImageReader.FirstLine(e.Message)}", e);
        }
    }

    private static FullRadiograph Read(string path, ImageFormat format)
    {
        using var file = GreyImageReader.Open(path, format, 1);
        ImageBounds.Check(file.Width, file.Height);
        using var upright = GreyImageReader.Upright(file);
        using var grey = GreyImageReader.ToGrey(upright);
        using var memory = grey.CopyMemory();
        bool isByte = upright.Format == Enums.BandFormat.Uchar;
        double max = isByte ? byte.MaxValue : GreyImageReader.Range(memory).Max;
        if (max is <= 0 or > ushort.MaxValue)
            throw new ImageFaultException(ImageFault.UnsupportedFormat, $"values up to {max:0}; 1 to {ushort.MaxValue:N0} are shown");
        using var rounded = memory.Rint();
        using var words = rounded.Cast(Enums.BandFormat.Ushort);
        int count = (int)Math.Ceiling(max) + 1;
        return new(
            words.WriteToMemory<ushort>(), words.Height, words.Width, [GreyTable.Of("whole range", count, value => Math.Min(1, value / max))]);
    }
}
