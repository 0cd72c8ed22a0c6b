using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace RadTex.Imaging.Transforms;

/// <summary>
/// Turns the pixels of one radiograph into an encoder's input: the affine map on the whole picture, its aspect kept, then the centre
/// crop of S x S, then division by the largest value inside the crop (or another <see cref="IntensityScaling"/>). One pass from bytes to floats, no
/// picture in between.
/// </summary>
/// <remarks>
/// Source: the order and the intensity rule are those of the paper's co-authors (resnet_chestxray, main_utils.py). A picture whose
/// short side is larger than S is first reduced to S with a box filter. S: image side; C: channels.
/// </remarks>
public sealed class RadiographInput
{
    private readonly (float Mean, float Deviation)[] standardisation;

    /// <summary>An input [C, S, S] float32.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The side is below 1, or the channels are neither 1 nor 3.</exception>
    /// <param name="imageSize">S, the side of the square input in pixels.</param>
    /// <param name="channels">C: 1, or 3 equal ones.</param>
    /// <param name="scaling">"imagenet" needs three channels.</param>
    public RadiographInput(int imageSize, int channels = 1, IntensityScaling scaling = IntensityScaling.Max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(imageSize, 1);
        if (channels is not (1 or 3)) throw new ArgumentOutOfRangeException(nameof(channels), channels, "expected 1 or 3 image channels");
        if (scaling == IntensityScaling.ImageNet && channels != 3)
            throw new UserErrorException(
                $"Intensity scaling {scaling.Name()} standardises three channels; found {channels}. Use scaling max or "
                    + "imagenet255, or an encoder with three channels.");
        (ImageSize, Channels, Scaling) = (imageSize, channels, scaling);
        standardisation = [.. scaling.Standardisation(channels).Select(s => ((float)s.Mean, (float)s.Deviation))];
    }

    /// <summary>S, the side of the square input in pixels.</summary>
    public int ImageSize { get; }

    /// <summary>C: 1, or 3 of the same grey levels.</summary>
    public int Channels { get; }

    /// <summary>How grey levels 0 to 255 become floats.</summary>
    public IntensityScaling Scaling { get; }

    /// <summary>C * S * S.</summary>
    public int Length => Channels * ImageSize * ImageSize;

    /// <summary>The size of the picture that the affine map works on: the given one, or that reduced to short side S.</summary>
    public (int Height, int Width) WorkingSize(int height, int width)
    {
        int shorter = Math.Min(height, width);
        if (shorter < ImageSize)
            throw new UserErrorException(
                $"A radiograph of {height} x {width} pixels is smaller than the input of {ImageSize} x {ImageSize}. Prepare the "
                    + $"dataset with the setting 'short-side' = {ImageSize}.");
        return shorter == ImageSize ? (height, width) : AreaReduction.Size(height, width, ImageSize);
    }

    /// <summary>Fills [C, S, S] from height x width bytes.</summary>
    /// <param name="pixels">Row by row from the top left.</param>
    /// <param name="height">Rows, at least S.</param>
    /// <param name="width">Columns, at least S.</param>
    /// <param name="map">In pixels of <see cref="WorkingSize"/>.</param>
    /// <param name="interpolation">How the map samples; an identity map copies.</param>
    /// <param name="input">Filled; C * S * S values.</param>
    /// <exception cref="UserErrorException">The picture is smaller than S.</exception>
    public void Fill(ReadOnlySpan<byte> pixels, int height, int width, AffineMap map, Interpolation interpolation, Span<float> input)
    {
        var (workHeight, workWidth) = WorkingSize(height, width);
        var plane = input[..(ImageSize * ImageSize)];
        float largest;
        if (workHeight == height && workWidth == width) largest = Sample(pixels, height, width, map, interpolation, plane);
        else
        {
            var reduced = ArrayPool<float>.Shared.Rent(workHeight * workWidth);
            var values = reduced.AsSpan(0, workHeight * workWidth);
            AreaReduction.Reduce(pixels, height, width, values, workHeight, workWidth);
            largest = Sample<float>(values, workHeight, workWidth, map, interpolation, plane);
            ArrayPool<float>.Shared.Return(reduced);
        }
        if (Scaling == IntensityScaling.PlusMinus1024) SpreadAround0(plane);
        else if (Scaling == IntensityScaling.ImageNet255) Divide(plane, byte.MaxValue);
        else if (largest > 0) Divide(plane, largest);
        for (int c = 1; c < Channels; c++) plane.CopyTo(input[(c * plane.Length)..]);
        if (Scaling is IntensityScaling.ImageNet or IntensityScaling.ImageNet255)
            for (int c = 0; c < Channels; c++)
                Standardise(input.Slice(c * plane.Length, plane.Length), standardisation[c].Mean, standardisation[c].Deviation);
    }

    /// <summary>Samples the centre crop of the mapped picture and returns the largest value in it.</summary>
    private float Sample<T>(ReadOnlySpan<T> source, int height, int width, AffineMap map, Interpolation interpolation, Span<float> plane)
        where T : struct, INumberBase<T>
    {
        int S = ImageSize;
        int top = CropStart(height, S), left = CropStart(width, S); // Python's round: halves to even
        float largest = 0;
        if (map.IsIdentity)
        {
            for (int y = 0; y < S; y++)
            {
                var row = source.Slice((top + y) * width + left, S);
                var to = plane.Slice(y * S, S);
                for (int x = 0; x < S; x++) largest = Math.Max(largest, to[x] = float.CreateTruncating(row[x]));
            }
            return largest;
        }
        // The inverse map, from a place in the new picture to one in the old: turn back about the centre after shifting back.
        var (sine, cosine) = Math.SinCos(map.AngleDegrees * Math.PI / 180);
        double centreX = (width - 1) / 2.0, centreY = (height - 1) / 2.0;
        for (int y = 0; y < S; y++)
        {
            double fromCentreX = left - centreX - map.ShiftX, fromCentreY = top + y - centreY - map.ShiftY;
            double startX = cosine * fromCentreX + sine * fromCentreY + centreX;
            double startY = -sine * fromCentreX + cosine * fromCentreY + centreY;
            var to = plane.Slice(y * S, S);
            for (int x = 0; x < S; x++)
            {
                double sourceX = startX + cosine * x, sourceY = startY - sine * x;
                float value = interpolation == Interpolation.Bilinear
                    ? Between(source, height, width, sourceX, sourceY)
                    : Nearest(source, height, width, sourceX, sourceY);
                largest = Math.Max(largest, to[x] = value);
            }
        }
        return largest;
    }

    private static int CropStart(int side, int cropped) => (int)Math.Round((side - cropped) / 2.0, MidpointRounding.ToEven);

    private static float Nearest<T>(ReadOnlySpan<T> source, int height, int width, double x, double y) where T : struct, INumberBase<T>
    {
        // Halves to even, as torch's grid_sample.
        double column = Math.Round(x), row = Math.Round(y);
        return column >= 0 && column < width && row >= 0 && row < height ? float.CreateTruncating(source[(int)row * width + (int)column]) : 0;
    }

    private static float Between<T>(ReadOnlySpan<T> source, int height, int width, double x, double y) where T : struct, INumberBase<T>
    {
        if (!(x > -1 && x < width && y > -1 && y < height)) return 0;
        int column = (int)(x + 1) - 1, row = (int)(y + 1) - 1; // floor, both above -1
        float right = (float)(x - column), below = (float)(y - row);
        if (column >= 0 && row >= 0 && column + 1 < width && row + 1 < height)
        {
            int i = row * width + column;
            float upper = float.CreateTruncating(source[i]) * (1 - right) + float.CreateTruncating(source[i + 1]) * right;
            float lower = float.CreateTruncating(source[i + width]) * (1 - right) + float.CreateTruncating(source[i + width + 1]) * right;
            return upper * (1 - below) + lower * below;
        }
        float sum = 0;
        for (int dy = 0; dy < 2; dy++)
            for (int dx = 0; dx < 2; dx++)
            {
                int c = column + dx, r = row + dy;
                if (c < 0 || c >= width || r < 0 || r >= height) continue;
                sum += float.CreateTruncating(source[r * width + c]) * (dx == 0 ? 1 - right : right) * (dy == 0 ? 1 - below : below);
            }
        return sum;
    }

    private static void Divide(Span<float> values, float divisor)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (int i = 0; i < vectors.Length; i++) vectors[i] /= divisor;
        for (int i = vectors.Length * Vector<float>.Count; i < values.Length; i++) values[i] /= divisor;
    }

    private static void SpreadAround0(Span<float> values)
    {
        for (int i = 0; i < values.Length; i++) values[i] = (2 * (values[i] / 255) - 1) * 1024;
    }

    private static void Standardise(Span<float> values, float mean, float deviation)
    {
        for (int i = 0; i < values.Length; i++) values[i] = (values[i] - mean) / deviation;
    }
}
