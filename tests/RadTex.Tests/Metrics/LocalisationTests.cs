using RadTex.Metrics;

namespace RadTex.Tests.Metrics;

public sealed class LocalisationTests
{
    private static readonly PixelBox[] Corner = [new(0, 0, 1, 1)]; // four pixels of sixteen

    [Fact]
    public void The_largest_value_decides_the_pointing_game()
    {
        var map = new float[16];
        map[5] = 2; // (1, 1)
        map[10] = 1;
        Localisation.Pointing(map, 4, Corner).ShouldBe(1);
        map[10] = 3;
        Localisation.Pointing(map, 4, Corner).ShouldBe(0);
        map[5] = 3; // two equal ones, one of them inside
        Localisation.Pointing(map, 4, Corner).ShouldBe(0.5);
    }

    [Fact]
    public void Overlap_is_of_as_many_pixels_as_the_boxes_cover()
    {
        float[] map = [9, 8, 7, 6, .. new float[12]]; // the first row
        Localisation.IntersectionOverUnion(map, 4, Corner).ShouldBe(2 / 6.0, 1e-12);
        Localisation.IntersectionOverUnion([9, 8, 0, 0, 7, 6, .. new float[10]], 4, Corner).ShouldBe(1);
        Localisation.IntersectionOverUnion(map, 4, []).ShouldBe(0);
        Localisation.Coverage(4, [.. Corner, new(1, 1, 2, 2)]).ShouldBe(7 / 16.0);
    }
}
