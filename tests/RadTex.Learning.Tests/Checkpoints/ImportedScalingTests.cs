using RadTex.Imaging.Transforms;
using RadTex.Learning.Models;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Checkpoints;

public sealed class ImportedScalingTests
{
    /// <summary>
    /// torchvision: ToTensor divides by 255, Normalize subtracts the means and divides by the deviations. A picture whose largest value is 241 must
    /// not be stretched.
    /// </summary>
    [Fact]
    public void Imported_weights_scaling_is_torchvisions_to_the_bit()
    {
        byte[] pixels = [.. Enumerable.Range(0, 64).Select(i => (byte)(241 - i * 3))];
        var input = new float[3 * 64];
        new RadiographInput(8, 3, IntensityScaling.ImageNet255).Fill(pixels, 8, 8, AffineMap.Identity, Interpolation.Bilinear, input);

        using var scope = NewDisposeScope();
        var images = tensor(pixels, [1, 8, 8]).to(ScalarType.Float32).div(Scalars.Of(255f)).expand(3, 8, 8);
        var mean = tensor(new[] { 0.485f, 0.456f, 0.406f }).view(3, 1, 1);
        var deviation = tensor(new[] { 0.229f, 0.224f, 0.225f }).view(3, 1, 1);
        input.ShouldBe(images.sub(mean).div(deviation).contiguous().data<float>().ToArray());
        pixels.Max().ShouldBe((byte)241);
    }
}
