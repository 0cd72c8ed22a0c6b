using System.Text.Json;
using RadTex.Imaging.Transforms;

namespace RadTex.Tests.Data;

public sealed class RadiographInputTests
{
    [Theory]
    [InlineData(Interpolation.Bilinear, "bilinear")]
    [InlineData(Interpolation.Nearest, "nearest")]
    public void Affine_crop_and_scaling_agree_with_torchvision(Interpolation interpolation, string name)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "affine.json")));
        foreach (var item in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            int Number(string key) => item.GetProperty(key).GetInt32();
            var (height, width, side) = (Number("height"), Number("width"), Number("side"));
            var pixels = new byte[height * width];
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++) pixels[y * width + x] = (byte)(37 * y * y + 91 * x + 13 * x * y);
            var map = new AffineMap(item.GetProperty("angle").GetDouble(), Number("shift_x"), Number("shift_y"));
            var input = new float[side * side];

            new RadiographInput(side).Fill(pixels, height, width, map, interpolation, input);

            var expected = item.GetProperty(name).EnumerateArray().Select(v => v.GetSingle()).ToArray();
            for (int i = 0; i < input.Length; i++) input[i].ShouldBe(expected[i], 2e-5f, $"{height}x{width} at {i}");
        }
    }

    [Fact]
    public void Centre_view_crops_the_middle_and_divides_by_the_largest_value_inside()
    {
        byte[] pixels =
        [
            255, 10, 20, 255,
            255, 30, 40, 255,
        ];
        var input = new float[4];

        new RadiographInput(2).Fill(pixels, 2, 4, AffineMap.Identity, Interpolation.Bilinear, input);

        input.ShouldBe([10 / 40f, 20 / 40f, 30 / 40f, 1]);
    }

    [Theory]
    [InlineData(3, 0)] // 0.5 -> 0
    [InlineData(5, 2)] // 1.5 -> 2, as Python rounds
    [InlineData(6, 2)]
    public void Crop_of_an_odd_surplus_starts_where_torchvision_starts(int width, int start)
    {
        var pixels = Enumerable.Range(0, 2 * width).Select(i => (byte)(i % width)).ToArray();
        var input = new float[4];

        new RadiographInput(2).Fill(pixels, 2, width, AffineMap.Identity, Interpolation.Bilinear, input);

        input[0].ShouldBe(start / (start + 1f));
    }

    [Fact]
    public void Black_picture_stays_zero()
    {
        var input = new float[9];
        Array.Fill(input, 7);

        new RadiographInput(3).Fill(new byte[12], 3, 4, new AffineMap(5, 1, 0), Interpolation.Bilinear, input);

        input.ShouldAllBe(v => v == 0);
    }

    [Fact]
    public void Shift_moves_right_and_down_and_brings_in_black()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var input = new float[9];

        new RadiographInput(3).Fill(pixels, 3, 3, new AffineMap(0, 1, 1), Interpolation.Nearest, input);

        input.ShouldBe([0, 0, 0, 0, 0.2f, 0.4f, 0, 0.8f, 1]);
    }

    [Fact]
    public void Quarter_turn_is_clockwise()
    {
        byte[] pixels = [1, 2, 3, 4];
        var input = new float[4];

        new RadiographInput(2).Fill(pixels, 2, 2, new AffineMap(90, 0, 0), Interpolation.Nearest, input);

        input.ShouldBe([0.75f, 0.25f, 1, 0.5f]);
    }

    [Fact]
    public void Imagenet_scaling_gives_three_standardised_channels()
    {
        byte[] pixels = [0, 100, 200, 50];
        var input = new float[12];

        new RadiographInput(2, 3, IntensityScaling.ImageNet).Fill(pixels, 2, 2, AffineMap.Identity, Interpolation.Bilinear, input);

        input[0].ShouldBe(-0.485f / 0.229f, 1e-6f);
        input[1].ShouldBe((0.5f - 0.485f) / 0.229f, 1e-6f);
        input[4 + 2].ShouldBe((1 - 0.456f) / 0.224f, 1e-6f);
        input[8 + 3].ShouldBe((0.25f - 0.406f) / 0.225f, 1e-6f);
        Should.Throw<UserErrorException>(() => new RadiographInput(2, 1, IntensityScaling.ImageNet));
        new RadiographInput(2, 1, IntensityScaling.ImageNet255).Fill(pixels, 2, 2, AffineMap.Identity, Interpolation.Bilinear, input.AsSpan(0, 4));
        input[2].ShouldBe((200 / 255f - 0.449f) / 0.226f, 1e-6f);
    }

    [Fact]
    public void Larger_picture_is_reduced_to_area_means()
    {
        // 4 x 6 to 2 x 3: means of 2 x 2.
        byte[] pixels =
        [
            0, 4, 10, 10, 200, 100,
            8, 4, 10, 10, 100, 0,
            1, 1, 2, 2, 3, 3,
            1, 1, 2, 2, 3, 3,
        ];
        var reduced = new float[6];

        AreaReduction.Reduce(pixels, 4, 6, reduced, 2, 3);

        reduced.ShouldBe([4, 10, 100, 1, 2, 3]);
    }

    [Fact]
    public void Reduction_by_any_factor_agrees_with_fine_sampling_and_keeps_the_mean()
    {
        const int Height = 11, Width = 17, Small = 7;
        var random = new Random(3);
        var pixels = new byte[Height * Width];
        random.NextBytes(pixels);
        var (height, width) = AreaReduction.Size(Height, Width, Small);
        var reduced = new float[height * width];

        AreaReduction.Reduce(pixels, Height, Width, reduced, height, width);

        (height, width).ShouldBe((7, 11)); // 17 * 7 / 11 = 10.8
        // Each side cut into lcm pieces: piece p of height * Height belongs to old row p / height and new row p / Height.
        for (int i = 0; i < height; i++)
            for (int j = 0; j < width; j++)
            {
                double sum = 0;
                for (int a = i * Height; a < (i + 1) * Height; a++)
                    for (int b = j * Width; b < (j + 1) * Width; b++) sum += pixels[a / height * Width + b / width];
                reduced[i * width + j].ShouldBe((float)(sum / (Height * Width)), 1e-3f);
            }
        reduced.Average().ShouldBe((float)pixels.Average(p => p), 1e-3f);
    }

    // Prepared inputs depend on the last bit: whatever is done at once, each sum is added up in the order of its pixels.
    [Theory]
    [InlineData(11, 17, 7, 11)]
    [InlineData(12, 12, 12, 12)]
    [InlineData(61, 97, 13, 20)]
    [InlineData(8, 40, 3, 39)]
    [InlineData(3, 5, 1, 1)]
    public void Reduction_equals_the_plain_loop_to_the_bit(int height, int width, int newHeight, int newWidth)
    {
        var random = new Random(4);
        ushort[] pixels = [.. Enumerable.Range(0, height * width).Select(_ => (ushort)random.Next(ushort.MaxValue + 1))];
        float[] reduced = new float[newHeight * newWidth], plain = new float[newHeight * newWidth], row = new float[newWidth];

        AreaReduction.Reduce<ushort>(pixels, height, width, reduced, newHeight, newWidth);

        (int First, float ToFirst, float ToNext) Share(int position, double step, int count)
        {
            int first = Math.Min((int)(position / step), count - 1);
            double beyond = first + 1 < count ? Math.Clamp(position + 1 - (first + 1) * step, 0, 1) : 0;
            return (first, (float)((1 - beyond) / step), (float)(beyond / step));
        }
        for (int y = 0; y < height; y++)
        {
            Array.Clear(row);
            for (int x = 0; x < width; x++)
            {
                var (first, toFirst, toNext) = Share(x, (double)width / newWidth, newWidth);
                row[first] += pixels[y * width + x] * toFirst;
                if (toNext > 0) row[first + 1] += pixels[y * width + x] * toNext;
            }
            var rows = Share(y, (double)height / newHeight, newHeight);
            for (int x = 0; x < newWidth; x++)
            {
                plain[rows.First * newWidth + x] += row[x] * rows.ToFirst;
                if (rows.ToNext > 0) plain[(rows.First + 1) * newWidth + x] += row[x] * rows.ToNext;
            }
        }
        reduced.ShouldBe(plain);
    }

    [Fact]
    public void Smaller_picture_is_refused_saying_what_to_do() =>
        Should.Throw<UserErrorException>(
            () => new RadiographInput(5).Fill(new byte[20], 4, 5, AffineMap.Identity, Interpolation.Bilinear, new float[25]))
            .Message.ShouldContain("'short-side' = 5");

    [Fact]
    public void Draws_follow_from_seed_step_and_radiograph_and_fill_their_range()
    {
        var augmentation = new AffineAugmentation();
        var draws = Enumerable.Range(0, 4000).Select(i => augmentation.Draw(1, i / 100, i % 100, 100, 200)).ToArray();

        augmentation.Draw(1, 7, 3, 100, 200).ShouldBe(draws[703]);
        augmentation.Draw(2, 7, 3, 100, 200).ShouldNotBe(draws[703]);
        draws.Distinct().Count().ShouldBe(draws.Length);
        draws.Max(d => d.AngleDegrees).ShouldBeInRange(19.8, 20);
        draws.Min(d => d.AngleDegrees).ShouldBeInRange(-20, -19.8);
        draws.Average(d => d.AngleDegrees).ShouldBe(0, 0.6); // sd 11.5 / sqrt(4000) = 0.18
        draws.Select(d => d.ShiftX).Distinct().Order().ShouldBe(Enumerable.Range(-20, 41));
        draws.Select(d => d.ShiftY).Distinct().Order().ShouldBe(Enumerable.Range(-10, 21));
        Should.Throw<UserErrorException>(() => new AffineAugmentation(Degrees: 181).Validated());
    }
}
