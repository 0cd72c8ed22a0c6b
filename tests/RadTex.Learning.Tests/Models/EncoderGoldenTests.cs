using System.Text.Json;
using RadTex.Learning.Models.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

/// <summary>Encoders beside what PyTorch computes in float64; Golden/README.md gives the form.</summary>
public sealed class EncoderGoldenTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData("densenet121")]
    [InlineData("vit-tiny-16")]
    [InlineData("vit-tiny-16-gap")]
    [InlineData("vit-tiny-16-avg")]
    [InlineData("vit-tiny-14-dino")]
    [InlineData("vit-tiny-14-dino-reg4")]
    public void Features_and_gradients_are_PyTorchs(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = Golden.Open($"encoders/{name}");
        var root = golden.RootElement;
        int Size(string key) => root.GetProperty("case").GetProperty(key).GetInt32();
        int side = Size("image_size"), channels = Size("channels");
        var encoder = Encoders.Create(new(name, Size("width"), channels, side), Draw.Stream);
        encoder.to(ScalarType.Float64);
        encoder.train();
        var parameters = encoder.named_parameters().ToArray();
        var expected = root.GetProperty("parameters");
        parameters.Select(p => p.name).ShouldBe(expected.EnumerateObject().Select(p => p.Name), ignoreOrder: true);
        using (no_grad())
            foreach (var (key, parameter) in parameters)
            {
                parameter.shape.ShouldBe(expected.GetProperty(key).GetProperty("shape").EnumerateArray().Select(v => v.GetInt64()), key);
                parameter.copy_(Weight(key, parameter.shape));
            }
        var images = Golden.Filled("image", 0.25, [Size("batch"), channels, side, side]) + 0.5;

        var features = encoder.forward(images);
        var pooled = encoder.Pool(images);
        var loss = (features * Golden.Filled("of features", 1, features.shape)).sum() + (pooled * Golden.Filled("of pooled", 1, pooled.shape)).sum();
        loss.backward();

        Near(features.flatten().data<double>().ToArray().Where((_, i) => i % 7 == 0), root.GetProperty("features"), "features");
        Near(pooled.flatten().data<double>().ToArray(), root.GetProperty("pooled"), "pooled");
        foreach (var (key, parameter) in parameters)
            Near(parameter.grad!.norm().item<double>(), expected.GetProperty(key).GetProperty("gradient_norm").GetDouble(), key);
    }

    private static Tensor Weight(string name, long[] shape) => shape.Length switch
    {
        4 => Golden.Filled(name, Math.Sqrt(2.0 / (shape[0] * shape[2] * shape[3])), shape),
        1 => Golden.Filled(name, 0.02, shape)
            + (name.EndsWith("weight", StringComparison.Ordinal) || name.EndsWith("gamma", StringComparison.Ordinal) ? 1 : 0),
        _ => Golden.Filled(name, 0.1, shape),
    };

    private static void Near(IEnumerable<double> own, JsonElement golden, string what)
    {
        var expected = golden.EnumerateArray().Select(v => v.GetDouble()).ToArray();
        own.Count().ShouldBe(expected.Length);
        foreach (var (value, other) in own.Zip(expected)) Near(value, other, what);
    }

    private static void Near(double own, double golden, string what) =>
        (Math.Abs(own - golden) / Math.Max(1, Math.Abs(golden))).ShouldBeLessThan(Tolerance, what);
}
