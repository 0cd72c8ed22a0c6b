namespace RadTex.Imaging.Transforms;

/// <summary>
/// The paper's augmentation (section 3.2): a random rotation and translation, scale constant. Nothing else is changed: a flip would
/// mirror the heart.
/// </summary>
/// <remarks>
/// As torchvision's RandomAffine(degrees, translate): the angle is uniform in ±<paramref name="Degrees"/>, the shift uniform in
/// ±<paramref name="Translate"/> of each side of the whole picture and rounded to whole pixels; what comes in from outside is black.
/// A draw follows from (seed, step, radiograph) alone, so that a resumed run sees the same pictures, on any number of threads.
/// </remarks>
/// <param name="Degrees">The largest rotation, in [0, 180].</param>
/// <param name="Translate">The largest shift as a part of each side, in [0, 1].</param>
/// <param name="Interpolation">torchvision's default, and so the co-authors' code, takes the nearest pixel; bilinear is smoother.</param>
public sealed record AffineAugmentation(double Degrees = 20, double Translate = 0.1, Interpolation Interpolation = Interpolation.Bilinear)
{
    // Keeps these draws apart from others of the same seed and step.
    private const ulong Stream = 0x416666696E65; // "Affine"

    /// <summary>Throws where a range makes no sense.</summary>
    /// <exception cref="UserErrorException">A value out of range.</exception>
    public AffineAugmentation Validated() =>
        Degrees is >= 0 and <= 180 && Translate is >= 0 and <= 1
            ? this
            : throw new UserErrorException($"Affine augmentation of ±{Degrees} degrees and ±{Translate} of a side: expected 0 to 180 and 0 to 1.");

    /// <summary>The map for one radiograph at one step, for a picture of that size.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">The step, or the epoch; another one gives another map.</param>
    /// <param name="radiograph">The radiograph's index in its dataset.</param>
    /// <param name="height">Rows of the whole picture, before cropping.</param>
    /// <param name="width">Columns of the whole picture.</param>
    public AffineMap Draw(long seed, long step, int radiograph, int height, int width)
    {
        var random = new CounterRandom((ulong)seed, (ulong)step, (ulong)radiograph, Stream);
        double Symmetric(double bound) => bound * (2 * random.UniformDouble() - 1);
        double angle = Symmetric(Degrees);
        int shiftX = (int)Math.Round(Symmetric(Translate * width));
        int shiftY = (int)Math.Round(Symmetric(Translate * height));
        return new(angle, shiftX, shiftY);
    }
}
