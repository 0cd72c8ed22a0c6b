using NetVips;
using RadTex.Imaging.Jpeg;

namespace RadTex.Tests.Imaging;

public sealed class JpegShrunkTests
{
    private static byte[] Noise(int width, int height, int quality, int restart = 0, bool progressive = false, int bands = 1)
    {
        var random = new CounterRandom((ulong)(width * 31 + height), (ulong)quality);
        var pixels = new byte[width * height * bands];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(128 + 60 * Math.Sin(i % width * 0.05) + 40 * Math.Cos(i / width * 0.03) + random.Below(25));
        using var image = Image.NewFromMemory(pixels, width, height, bands, Enums.BandFormat.Uchar);
        return image.JpegsaveBuffer(q: quality, interlace: progressive, restartInterval: restart);
    }

    [Theory]
    [InlineData(64, 48, 95, 2, 0)]
    [InlineData(67, 45, 95, 4, 0)] // sides that are no multiple of a block
    [InlineData(129, 33, 100, 8, 0)]
    [InlineData(123, 77, 30, 4, 5)]
    [InlineData(40, 64, 95, 2, 1)]
    public void Pixel_is_the_mean_of_the_whole_pictures_pixels(int width, int height, int quality, int shrink, int restart)
    {
        var stream = Noise(width, height, quality, restart);
        var whole = JpegDecoder.Decode(stream, height, width);

        var shrunk = JpegDecoder.TryDecodeShrunk(stream, height, width, shrink)!;

        int shrunkWidth = (width + shrink - 1) / shrink;
        shrunk.Length.ShouldBe(shrunkWidth * ((height + shrink - 1) / shrink));
        double largest = 0;
        for (int y = 0; y < height / shrink; y++)
            for (int x = 0; x < width / shrink; x++)
            {
                double sum = 0;
                for (int i = 0; i < shrink * shrink; i++) sum += whole[(y * shrink + i / shrink) * width + x * shrink + i % shrink];
                largest = Math.Max(largest, Math.Abs(sum / (shrink * shrink) - shrunk[y * shrunkWidth + x]));
            }
        largest.ShouldBeLessThan(1.01); // half a level of rounding on each side
    }

    [Fact]
    public void Agrees_with_libvips_about_a_smooth_picture()
    {
        const int Width = 512, Height = 384;
        var pixels = new byte[Width * Height];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)(128 + 50 * Math.Sin(i % Width * 0.02) + 50 * Math.Cos(i / Width * 0.015));
        using var image = Image.NewFromMemory(pixels, Width, Height, 1, Enums.BandFormat.Uchar);
        var stream = image.JpegsaveBuffer(q: 95);
        using var other = Image.JpegloadBuffer(stream, shrink: 4);
        var expected = other.WriteToMemory<byte>();
        var found = JpegDecoder.TryDecodeShrunk(stream, Height, Width, 4)!;
        for (int i = 0; i < expected.Length; i++) Math.Abs(found[i] - expected[i]).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void What_it_does_not_know_or_trust_is_left_to_libvips()
    {
        JpegDecoder.TryDecodeShrunk(Noise(64, 64, 90, progressive: true), 64, 64, 4).ShouldBeNull();
        JpegDecoder.TryDecodeShrunk(Noise(64, 64, 90, bands: 3), 64, 64, 4).ShouldBeNull();
        var good = Noise(64, 64, 90);
        JpegDecoder.TryDecodeShrunk(good, 64, 64, 4).ShouldNotBeNull();
        JpegDecoder.TryDecodeShrunk(good, 64, 72, 4).ShouldBeNull(); // another size than was said
        for (int length = 0; length < good.Length; length++) JpegDecoder.TryDecodeShrunk(good.AsSpan(0, length), 64, 64, 4).ShouldBeNull();
        byte[] more = [.. good.AsSpan(0, good.Length - 2), 0x12, 0x34, 0x56, 0xFF, 0xD9]; // extraneous bytes before the end
        JpegDecoder.TryDecodeShrunk(more, 64, 64, 4).ShouldBeNull();
    }

    // Whatever libvips calls damaged must not come out as a picture here.
    [Fact]
    public void Damage_that_libvips_sees_is_seen()
    {
        var good = Noise(96, 80, 92);
        int scan = good.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]); // what comes before it is libvips' to check, which reads it first
        var random = new CounterRandom(5);
        int seen = 0;
        for (int trial = 0; trial < 3000; trial++)
        {
            var bytes = (byte[])good.Clone();
            for (int i = 0; i < 1 + trial % 3; i++) bytes[scan + 10 + random.Below(bytes.Length - scan - 10)] = (byte)random.Below(256);
            if (JpegDecoder.TryDecodeShrunk(bytes, 80, 96, 4) is null) continue;
            seen++;
            Should.NotThrow(() =>
            {
                using var image = Image.JpegloadBuffer(bytes, failOn: Enums.FailOn.Warning);
                _ = image.WriteToMemory<byte>();
            }, $"trial {trial}");
        }
        seen.ShouldBeGreaterThan(100); // a changed code that is one again changes a pixel only: no decoder can know
    }
}
