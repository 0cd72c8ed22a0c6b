using System.Numerics.Tensors;
using RadTex.Data;

namespace RadTex.Inspection;

/// <summary>
/// How alike two radiographs are once laid on each other: the best correlation of their inner parts, contrast evened out, over turns of up to
/// 3 degrees, shifts of up to 2 in 64 of the side and the scales of <see cref="Scales"/>; found at 64 px, decided at 128 px, where ribs and vessels
/// show. What copies and strangers come to is measured in docs/results/duplicates.md.
/// </summary>
public static class AlignedSimilarity
{
    /// <summary>A copy turned by 2 degrees on a canvas that grew to hold it is smaller by this when both are brought to one side.</summary>
    internal static readonly double[] Scales = [1, 1.034, 1 / 1.034];

    /// <summary>The sides of the two looks, in pixels.</summary>
    internal const int CoarseSide = ImageFingerprint.Side, FineSide = 2 * CoarseSide;

    /// <summary>A coarse correlation below this is no copy, and counts as 0; copies come to 0.92, different patients seldom to 0.8.</summary>
    private const double LeastCoarse = 0.8;

    private static readonly double[] TurnsInDegrees = [0, -1, 1, -2, 2, -3, 3];

    /// <summary>
    /// How alike two radiographs of height x width bytes are, row by row: a correlation of at most 1; 0 where they do not fit even coarsely.
    /// </summary>
    public static double Of(ReadOnlySpan<byte> first, int height, int width, ReadOnlySpan<byte> second, int secondHeight, int secondWidth)
    {
        var (similarity, degrees, scale, dy, dx) = Align(
            ReducedRadiograph.Reduce(first, height, width, CoarseSide), ReducedRadiograph.Reduce(second, secondHeight, secondWidth, CoarseSide));
        if (similarity < LeastCoarse) return 0;
        var moving = ReducedRadiograph.Reduce(first, height, width, FineSide);
        var still = ContrastBand.Inside(
            ContrastBand.EvenOut(ReducedRadiograph.Reduce(second, secondHeight, secondWidth, FineSide), FineSide), FineSide, 0, 0);
        double best = -1;
        for (double turn = degrees - 0.5; turn <= degrees + 0.5; turn += 0.5)
            best = Math.Max(best, BestShift(ReducedRadiograph.Turn(moving, FineSide, turn, scale), still, FineSide, 2 * dy, 2 * dx, 1).Similarity);
        return best;
    }

    /// <summary>The best placement at the coarse side.</summary>
    private static (double Similarity, double Degrees, double Scale, int Dy, int Dx) Align(float[] first, float[] second)
    {
        var still = ContrastBand.Inside(ContrastBand.EvenOut(second, CoarseSide), CoarseSide, 0, 0);
        (double Similarity, double Degrees, double Scale, int Dy, int Dx) best = (-1, 0, 1, 0, 0);
        foreach (double scale in Scales)
        {
            foreach (double degrees in TurnsInDegrees)
            {
                var (similarity, dy, dx) = BestShift(ReducedRadiograph.Turn(first, CoarseSide, degrees, scale), still, CoarseSide, 0, 0, 2);
                if (similarity > best.Similarity) best = (similarity, degrees, scale, dy, dx);
            }
        }
        return best;
    }

    private static (double Similarity, int Dy, int Dx) BestShift(float[] picture, float[] still, int side, int fromY, int fromX, int reach)
    {
        var band = ContrastBand.EvenOut(picture, side);
        (double Similarity, int Dy, int Dx) best = (-1, 0, 0);
        for (int dy = fromY - reach; dy <= fromY + reach; dy++)
        {
            for (int dx = fromX - reach; dx <= fromX + reach; dx++)
            {
                double similarity = TensorPrimitives.Dot<float>(ContrastBand.Inside(band, side, dy, dx), still);
                if (similarity > best.Similarity) best = (similarity, dy, dx);
            }
        }
        return best;
    }
}
