using System.Buffers;
using NetVips;
using RadTex.Files;
using RadTex.Imaging.Dicom;
using RadTex.Imaging.Jpeg;

namespace RadTex.Imaging;

/// <summary>
/// Reads radiographs from JPEG, PNG (8 or 16 bits), TIFF and DICOM files as 8-bit grey at one short side.
/// </summary>
/// <remarks>
/// <para>Colour becomes luma (Rec. 601, as Pillow's "L"); transparency is laid on black; EXIF orientation is obeyed; of several pages the first
/// is taken. How stored values become grey levels: <see cref="ImageIntensity"/>.</para>
/// <para>Resampling is antialiased with a triangle filter, as torchvision's Resize does with Pillow images; large JPEGs are first halved
/// or quartered while they are decoded (grey ones by our own decoder, to means of pixels), always leaving a factor of two or more to the
/// filter (sides that are no multiple of the shrink factor are off by an eighth of an output pixel at most).</para>
/// <para>Safe to use from several threads at once.</para>
/// </remarks>
public sealed class GreyImageReader
{
    private const int MostJpegBytes = 256 << 20;

    private readonly bool anyModality;

    static GreyImageReader()
    {
        // Files are read in parallel here, one a worker; libvips need not start threads of its own, nor keep what is read once.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        // Harmless oddities, such as a colour profile in a grey PNG, are warnings to standard error; what matters is thrown.
        _ = Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, Silence);
    }

    private static readonly Log.LogDelegate Silence = (_, _, _) => { };

    /// <summary>A reader of one short side; it holds no file open.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The short side is below 1 or above 4096.</exception>
    /// <param name="shortSide">The shorter side of what is read, in pixels; smaller pictures are enlarged.</param>
    /// <param name="intensity">How stored values become grey levels.</param>
    /// <param name="anyModality">Read DICOM of any modality, not of radiography (CR, DX, DR) alone.</param>
    public GreyImageReader(int shortSide, ImageIntensity intensity = ImageIntensity.Display, bool anyModality = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shortSide, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shortSide, 4096);
        (ShortSide, Intensity, this.anyModality) = (shortSide, intensity, anyModality);
    }

    /// <summary>The shorter side of what is read, in pixels, 1 to 4096; the aspect is kept.</summary>
    public int ShortSide { get; }

    /// <summary>How stored values become grey levels 0 to 255.</summary>
    public ImageIntensity Intensity { get; }

    /// <summary>Reads one file.</summary>
    /// <exception cref="ImageFaultException">The file is damaged, of no known format, or beyond the bounds.</exception>
    /// <exception cref="IOException">The file is missing or cannot be opened.</exception>
    public GreyImage Read(string path)
    {
        var format = DetectFormat(path);
        try
        {
            return format == ImageFormat.Dicom ? ReadDicom(path) : Read(path, format);
        }
        catch (VipsException e)
        {
            throw new ImageFaultException(ImageFault.Unreadable, $"damaged or cut off: {FirstLine(e.Message)}", e);
        }
    }

    private GreyImage Read(string path, ImageFormat format)
    {
        using var header = Open(path, format, 1);
        ImageBounds.Check(header.Width, header.Height);
        int shrink = format == ImageFormat.Jpeg && Intensity != ImageIntensity.Equalised ? JpegShrink(Math.Min(header.Width, header.Height)) : 1;
        using var file = shrink == 1 ? header.Copy() : Shrunk(header, path, format, shrink);
        using var upright = Upright(file);
        using var grey = ToGrey(upright);
        using var scaled = Intensity switch
        {
            ImageIntensity.Equalised => Equalise(grey),
            ImageIntensity.Display when upright.Format == Enums.BandFormat.Uchar => ToBytes(grey),
            ImageIntensity.Display => ScaleByMaximum(grey),
            _ => grey.Cast(Enums.BandFormat.Float),
        };
        // The size follows from the whole picture, not from the shrunken one, whose sides are rounded up.
        return Swapped(file) ? Finish(scaled, header.Height, header.Width, shrink) : Finish(scaled, header.Width, header.Height, shrink);
    }

    private GreyImage ReadDicom(string path)
    {
        var dicom = DicomImage.Read(path, anyModality);
        var greyscale = new DicomGreyscale(dicom);
        using var scaled = Intensity switch
        {
            ImageIntensity.Equalised => Equalise(greyscale.Stretched(), dicom.Header.Columns, dicom.Header.Rows),
            ImageIntensity.Display => FromWords(greyscale.Display(), dicom.Header, 255.0 / ushort.MaxValue),
            _ => FromWords(greyscale.StoredValues(), dicom.Header, 1),
        };
        return Finish(scaled, dicom.Header.Columns, dicom.Header.Rows) with
        {
            View = dicom.View,
            BodyPart = dicom.BodyPart,
            Modality = dicom.Modality,
        };
    }

    /// <summary>
    /// Resizes a picture of 0 to 255 (with intensity liao, of stored values) that was <paramref name="width"/> x <paramref name="height"/> in its
    /// file and is a <paramref name="shrink"/>-th of that, sides rounded.
    /// </summary>
    private GreyImage Finish(Image scaled, int width, int height, int shrink = 1)
    {
        var (targetWidth, targetHeight) = TargetSize(width, height);
        using var small = targetWidth == scaled.Width && targetHeight == scaled.Height
            ? scaled.Copy()
            // By the true factors: rounded sides must not stretch the picture. They are wrong by a quarter of an output pixel at most, so the size
            // comes out as wanted.
            : scaled.Resize(
                (double)targetWidth * shrink / width, kernel: Enums.Kernel.Linear, gap: 0, vscale: (double)targetHeight * shrink / height);
        using var levels = Intensity == ImageIntensity.Liao ? ScaleByMaximum(small) : small.Copy();
        using var bytes = ToBytes(levels);
        var result = bytes.WriteToMemory<byte>();
        if (result.AsSpan().IndexOfAnyExcept(result[0]) < 0) throw new ImageFaultException(ImageFault.Blank, $"every pixel is {result[0]}");
        return new GreyImage(result, targetHeight, targetWidth, Math.Min(width, height) < ShortSide) { SourceHeight = height, SourceWidth = width };
    }

    /// <summary>A truncated file is an error, not grey garbage; in a JPEG so is a damaged code, which its decoder only warns of.</summary>
    internal static Image Open(string path, ImageFormat format, int shrink) => format switch
    {
        ImageFormat.Jpeg => Image.Jpegload(path, shrink: shrink, failOn: Enums.FailOn.Warning),
        ImageFormat.Png => Image.Pngload(path, failOn: Enums.FailOn.Error),
        _ => Image.Tiffload(path, failOn: Enums.FailOn.Error),
    };

    /// <summary>
    /// A JPEG at a part of its size. Decoders round its sides up; a last row or column that is mostly beyond the picture is cut off again.
    /// </summary>
    private static Image Shrunk(Image header, string path, ImageFormat format, int shrink)
    {
        using var file = GreyJpeg(header, path, shrink) ?? Open(path, format, shrink);
        return file.Crop(
            0, 0, Math.Min(file.Width, (header.Width + shrink / 2) / shrink), Math.Min(file.Height, (header.Height + shrink / 2) / shrink));
    }

    /// <summary>
    /// A plain grey JPEG at a part of its size; null for others, which libvips reads, and for damaged ones, of which it says what is wrong.
    /// </summary>
    private static Image? GreyJpeg(Image header, string path, int shrink)
    {
        if (
            header.Bands != 1 || header.Format != Enums.BandFormat.Uchar
                || (header.Contains("orientation") && header.Get("orientation") is int and > 1)) return null;
        using var handle = File.OpenHandle(path);
        long length = RandomAccess.GetLength(handle);
        if (length > MostJpegBytes) return null;
        byte[] bytes = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            int read = 0;
            while (read < length && RandomAccess.Read(handle, bytes.AsSpan(read, (int)length - read), read) is > 0 and int more) read += more;
            return JpegDecoder.TryDecodeShrunk(bytes.AsSpan(0, read), header.Height, header.Width, shrink) is { } pixels
                ? Image.NewFromMemory(pixels, (header.Width + shrink - 1) / shrink, (header.Height + shrink - 1) / shrink, 1, Enums.BandFormat.Uchar)
                : null;
        }
        finally { ArrayPool<byte>.Shared.Return(bytes); }
    }

    internal static ImageFormat DetectFormat(string path)
    {
        if (RegularFile.Fault(path) is { } fault) throw new ImageFaultException(ImageFault.UnsupportedFormat, fault);
        Span<byte> head = stackalloc byte[ImageFormats.HeadLength];
        using var stream = RegularFile.OpenRead(path);
        var format = ImageFormats.Detect(head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
        return format switch
        {
            ImageFormat.Unknown => throw new ImageFaultException(
                stream.Length == 0 ? ImageFault.Unreadable : ImageFault.UnsupportedFormat,
                stream.Length == 0 ? "the file is empty" : "not a JPEG, PNG, TIFF or DICOM file"),
            _ => format,
        };
    }

    private int JpegShrink(int shorter)
    {
        double factor = (double)shorter / ShortSide;
        return factor >= 16 ? 8 : factor >= 8 ? 4 : factor >= 4 ? 2 : 1;
    }

    private (int Width, int Height) TargetSize(int width, int height)
    {
        double scale = (double)ShortSide / Math.Min(width, height);
        return width < height
            ? (ShortSide, (int)Math.Round(height * scale, MidpointRounding.AwayFromZero))
            : ((int)Math.Round(width * scale, MidpointRounding.AwayFromZero), ShortSide);
    }

    /// <summary>EXIF orientations 5 to 8 lay the picture on its side.</summary>
    private static bool Swapped(Image image) => image.Contains("orientation") && image.Get("orientation") is int and >= 5 and <= 8;

    internal static Image Upright(Image image) =>
        image.Contains("orientation") && image.Get("orientation") is int and > 1 ? image.Autorot() : image.Copy();

    /// <summary>One band of the depth the file has, as float where colours were mixed.</summary>
    internal static Image ToGrey(Image image)
    {
        using var flat = image.HasAlpha() ? image.Flatten(background: [0]) : image.Copy();
        if (flat.Bands == 1) return flat.Copy();
        if (flat.Bands == 3) return Luma(flat);
        if (flat.Interpretation == Enums.Interpretation.Cmyk)
        {
            using var rgb = flat.Colourspace(Enums.Interpretation.Srgb);
            return Luma(rgb);
        }
        throw new ImageFaultException(ImageFault.UnsupportedFormat, $"{flat.Bands} channels; one, three or CMYK are read");
    }

    private static Image Luma(Image rgb)
    {
        using var matrix = Image.NewFromArray(new[,] { { 0.299, 0.587, 0.114 } });
        return rgb.Recomb(matrix);
    }

    private static Image ToBytes(Image image)
    {
        if (image.Format == Enums.BandFormat.Uchar) return image.Copy();
        using var rounded = image.Rint();
        return rounded.Cast(Enums.BandFormat.Uchar); // clips
    }

    /// <summary>x / max * 255 as float.</summary>
    private static Image ScaleByMaximum(Image grey)
    {
        using var memory = grey.CopyMemory(); // the range and the resampling each read the whole picture
        double max = Range(memory).Max;
        if (max == 0) throw new ImageFaultException(ImageFault.Blank, "every pixel is 0");
        return memory.Linear([255.0 / max], [0.0]);
    }

    /// <summary>(x - min) / (max - min) * 255 in whole levels, then equalised.</summary>
    private static Image Equalise(Image grey)
    {
        using var memory = grey.CopyMemory();
        var (min, max) = Range(memory);
        if (max == min) throw new ImageFaultException(ImageFault.Blank, $"every pixel is {min:0}");
        using var stretched = memory.Linear([255 / (max - min)], [-min * 255 / (max - min)]);
        using var floor = stretched.Floor();
        using var bytes = floor.Cast(Enums.BandFormat.Uchar);
        return Equalise(bytes.WriteToMemory<byte>(), bytes.Width, bytes.Height);
    }

    private static Image Equalise(byte[] pixels, int width, int height)
    {
        HistogramEqualisation.Apply(pixels);
        return Image.NewFromMemory(pixels, width, height, 1, Enums.BandFormat.Uchar);
    }

    private static Image FromWords(ushort[] words, DicomImageHeader header, double factor)
    {
        using var image = Image.NewFromMemory(words, header.Columns, header.Rows, 1, Enums.BandFormat.Ushort);
        return image.Linear([factor], [0.0]);
    }

    internal static (double Min, double Max) Range(Image grey)
    {
        double min = grey.Min(), max = grey.Max();
        return min >= 0 && double.IsFinite(max)
            ? (min, max)
            : throw new ImageFaultException(ImageFault.UnsupportedFormat, "negative or endless pixel values; unsigned integers are read");
    }

    internal static string FirstLine(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length > 1 ? lines[1] : lines.FirstOrDefault() ?? "no reason given";
    }
}
