using System.Buffers;
using RadTex.Data;
using RadTex.Imaging;

namespace RadTex.Prediction;

/// <summary>Some pictures as an input, [n, C, S, S], and why others are not among them.</summary>
internal sealed class PictureBatch : IDisposable
{
    private readonly float[] pixels;
    private readonly int length;

    private PictureBatch(float[] pixels, int length, string[] paths, (string, string)[] rejected) => (this.pixels, this.length, Paths, Rejected) = (pixels, length, paths, rejected);

    internal IReadOnlyList<string> Paths { get; }

    internal IReadOnlyList<(string Path, string Reason)> Rejected { get; }

    internal Memory<float> Images => pixels.AsMemory(0, Paths.Count * length);

    /// <summary>Reads pictures, several at once.</summary>
    internal static PictureBatch Read(GreyImageReader reader, RadiographInput input, IReadOnlyList<string> paths)
    {
        var pixels = ArrayPool<float>.Shared.Rent(paths.Count * input.Length);
        var faults = new string?[paths.Count];
        Parallel.For(0, paths.Count, i => faults[i] = Fill(reader, input, paths[i], pixels.AsSpan(i * input.Length, input.Length)));
        int next = 0; // close the gaps of those left out
        for (int i = 0; i < paths.Count; i++)
        {
            if (faults[i] is not null) continue;
            if (next < i) Array.Copy(pixels, i * input.Length, pixels, next * input.Length, input.Length);
            next++;
        }
        return new(pixels, input.Length, [.. paths.Where((_, i) => faults[i] is null)], [.. paths.Select((p, i) => (p, faults[i]!)).Where(p => p.Item2 is not null)]);
    }

    public void Dispose() => ArrayPool<float>.Shared.Return(pixels);

    private static string? Fill(GreyImageReader reader, RadiographInput input, string path, Span<float> values)
    {
        try
        {
            var image = reader.Read(path);
            input.Fill(image.Pixels, image.Height, image.Width, AffineMap.Identity, Interpolation.Bilinear, values);
            return null;
        }
        catch (Exception e) when (e is ImageFaultException or IOException or UnauthorizedAccessException) { return e.Message; }
    }
}
