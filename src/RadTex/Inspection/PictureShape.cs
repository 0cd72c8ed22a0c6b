using System.Numerics.Tensors;
using RadTex.Data;

namespace RadTex.Inspection;

/// <summary>
/// A picture at 24 x 24, its aspect given up, its mean taken away and its length made 1: what is left is the layout of a body, whatever the
/// exposure. Its inner product with another one is the correlation of the two.
/// </summary>
/// <param name="Greys">Side * Side mean greys, row by row.</param>
internal sealed record PictureShape(byte[] Greys)
{
    internal const int Side = 24, Length = Side * Side;

    /// <summary>A correlation with the typical picture below this is its negative: bone dark.</summary>
    internal const double Inverted = -0.3;

    // Grey levels of deviation below which there is nothing to see.
    private const double BlankDeviation = 6;

    // A turned picture correlates with the typical one so much, and so much more than upright.
    private const double Turned = 0.6, ClearlyTurned = 0.25;

    /// <summary>Mean 0, length 1; 0 everywhere of a flat picture. Made anew at each call: a picture is kept in 576 bytes.</summary>
    internal double[] Standardised() => Standardise([.. Greys.Select(g => (double)g)]);

    /// <summary>Whether the picture is nearly one grey.</summary>
    internal bool IsNearlyBlank
    {
        get
        {
            double sum = 0, squares = 0;
            foreach (byte grey in Greys) (sum, squares) = (sum + grey, squares + grey * grey);
            return Math.Sqrt(Math.Max(0, squares / Length - sum / Length * (sum / Length))) < BlankDeviation;
        }
    }

    /// <summary>Reduces height x width bytes, row by row.</summary>
    internal static PictureShape Of(ReadOnlySpan<byte> pixels, int height, int width)
    {
        var reduced = ReducedRadiograph.Reduce(pixels, height, width, Side);
        return new([.. reduced.Select(v => (byte)(v + 0.5f))]);
    }

    /// <summary>The correlation with a typical picture as it is, and turned by one, two and three quarters.</summary>
    internal (double Upright, double[] Quarters) Likeness(ReadOnlySpan<double> typical)
    {
        var picture = Standardised();
        double upright = Dot(picture, typical);
        var quarters = new double[3];
        for (int quarter = 0; quarter < 3; quarter++)
        {
            picture = Turn(picture);
            quarters[quarter] = Dot(picture, typical);
        }
        return (upright, quarters);
    }

    /// <summary>The degrees that a picture was turned clockwise by, where it is clear; else null.</summary>
    internal static int? TurnedDegrees((double Upright, double[] Quarters) likeness)
    {
        int best = Array.IndexOf(likeness.Quarters, likeness.Quarters.Max());
        return likeness.Quarters[best] > Math.Max(Turned, likeness.Upright + ClearlyTurned) ? 90 * (3 - best) : null;
    }

    /// <summary>
    /// The typical picture: the first principal direction of standardised pictures, which does not depend on how many of them are negatives.
    /// Of frontal radiographs the anatomy says which end is "bone bright", of others the majority.
    /// </summary>
    internal static double[] Typical(IReadOnlyList<PictureShape> members, bool frontal)
    {
        const int Rounds = 8;
        var typical = frontal ? Frontal() : members[0].Standardised();
        double along = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var next = new double[Length];
            along = 0;
            foreach (var member in members)
            {
                var picture = member.Standardised();
                double dot = Dot(picture, typical);
                along += dot;
                for (int p = 0; p < next.Length; p++) next[p] += dot * picture[p];
            }
            double length = Math.Sqrt(Dot(next, next));
            if (length == 0) return typical;
            for (int p = 0; p < next.Length; p++) next[p] /= length;
            typical = next;
        }
        double sign = frontal ? Dot(typical, Frontal()) : along;
        return sign >= 0 ? typical : [.. typical.Select(v => -v)];
    }

    /// <summary>The least that is known of a frontal radiograph: bright between the lungs and below them, dark in the lungs.</summary>
    internal static double[] Frontal() => Draw((x, y) =>
    {
        double fromMiddle = Math.Abs(x - (Side - 1) / 2.0) / Side, down = (double)y / Side;
        return fromMiddle < 0.09 || down > 0.8 ? 1 : fromMiddle is > 0.14 and < 0.34 && down is > 0.2 and < 0.65 ? -1 : 0;
    });

    /// <summary>A picture whose value at (x, y) is a function of them, standardised.</summary>
    internal static double[] Draw(Func<int, int, double> value) =>
        Standardise([.. Enumerable.Range(0, Length).Select(p => value(p % Side, p / Side))]);

    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => TensorPrimitives.Dot(a, b);

    private static double[] Turn(double[] picture)
    {
        var turned = new double[picture.Length];
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++) turned[x * Side + Side - 1 - y] = picture[y * Side + x];
        return turned;
    }

    private static double[] Standardise(double[] picture)
    {
        double mean = picture.Average();
        for (int p = 0; p < picture.Length; p++) picture[p] -= mean;
        double length = Math.Sqrt(Dot(picture, picture));
        if (length > 0)
            for (int p = 0; p < picture.Length; p++) picture[p] /= length;
        return picture;
    }
}
