using RadTex.Inspection;

namespace RadTex.Gating;

/// <summary>
/// How much more a picture looks like a lateral radiograph than like a frontal one. No lateral is learnt from: the lateral is drawn by hand from
/// its outline (air ahead of the breastbone and behind the back, bright shoulders, heart and abdomen), facing either way, and the frontal one
/// has what no lateral has, two sides that mirror each other.
/// </summary>
internal static class LateralShape
{
    // The weight of symmetry against the two correlations.
    private const double SymmetryWeight = 0.4;

    // The rows of the trunk, and where its axis may lie (twice the column): the middle third.
    private const int Top = 2, Bottom = PictureShape.Side - 2, FirstAxis = 16, LastAxis = 30;

    private static readonly double[] FacingLeft = Draw(mirrored: false), FacingRight = Draw(mirrored: true);

    /// <summary>Above 0: more like a lateral than like the frontal radiographs.</summary>
    /// <param name="shape">The picture.</param>
    /// <param name="frontal">The picture's correlation with the typical frontal one.</param>
    internal static double Excess(PictureShape shape, double frontal)
    {
        var picture = shape.Standardised();
        return Math.Max(PictureShape.Dot(picture, FacingLeft), PictureShape.Dot(picture, FacingRight)) - frontal - SymmetryWeight * Symmetry(shape);
    }

    /// <summary>The correlation of the trunk with its mirror image about the best upright axis; 1 for a symmetric picture.</summary>
    internal static double Symmetry(PictureShape shape)
    {
        double best = -1;
        for (int axis = FirstAxis; axis <= LastAxis; axis++)
        {
            int left = Math.Max(0, axis - PictureShape.Side + 1), right = Math.Min(PictureShape.Side - 1, axis);
            double mean = 0, squares = 0, products = 0;
            for (int y = Top; y < Bottom; y++)
                for (int x = left; x <= right; x++) mean += shape.Greys[y * PictureShape.Side + x];
            mean /= (Bottom - Top) * (right - left + 1);
            for (int y = Top; y < Bottom; y++)
                for (int x = left; x <= right; x++)
                {
                    double value = shape.Greys[y * PictureShape.Side + x] - mean;
                    squares += value * value;
                    products += value * (shape.Greys[y * PictureShape.Side + axis - x] - mean);
                }
            if (squares > 0) best = Math.Max(best, products / squares);
        }
        return best;
    }

    private static double[] Draw(bool mirrored) => PictureShape.Draw((x, y) =>
    {
        double across = ((mirrored ? PictureShape.Side - 1 - x : x) + 0.5) / PictureShape.Side, down = (y + 0.5) / PictureShape.Side;
        double inside = Step((across - (0.34 - 0.24 * down)) / 0.04) * Step((0.94 - 0.04 * down - across) / 0.03);
        double shoulders = 0.75 * Bump((down - 0.12) / 0.2, (across - 0.6) / 0.25);
        double heart = 0.4 * Bump((across - 0.42) / 0.14, (down - 0.72) / 0.14);
        double abdomen = 0.8 * Step((down - 0.85) / 0.06);
        return inside * (0.25 + shoulders + heart + abdomen) - (1 - inside);
    });

    private static double Step(double z) => 1 / (1 + Math.Exp(-z));

    private static double Bump(double a, double b) => Math.Exp(-a * a - b * b);
}
