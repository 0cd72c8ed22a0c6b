using RadTex.Imaging;

namespace RadTex.Phantoms;

/// <summary>Synthetic radiographs without an archive, for checks that need pictures and have none.</summary>
public static class PhantomPictures
{
    private const int LeastSide = 64, MostSide = 1024;

    /// <summary>Draws the first radiograph of each of several patients.</summary>
    /// <param name="count">Patients.</param>
    /// <param name="shortSide">Pixels wanted; drawn with at least 64. None are drawn above 1,024.</param>
    public static IReadOnlyList<GreyImage> Draw(int count, int shortSide)
    {
        if (shortSide > MostSide) return [];
        var planner = new PhantomPlanner(new(count, Seed: 17, ShortSidePixels: Math.Max(LeastSide, shortSide)));
        var renderer = new PhantomRenderer();
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var patient = planner.Plan(i);
            var drawn = renderer.Render(patient, patient.Studies[0], 0);
            return new GreyImage(drawn.Pixels, drawn.Height, drawn.Width, Upscaled: false);
        })];
    }
}
