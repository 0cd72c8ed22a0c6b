using RadTex.Heads;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Transfer;
using static TorchSharp.torch;

namespace RadTex.Learning.Testing;

/// <summary>A small encoder whose every weight and running statistic matters, and heads on it.</summary>
internal static class TinyEncoder
{
    internal static EncoderSource Make(string architecture = "resnet18", int channels = 1, int side = 64, string scaling = "max", int width = 8)
    {
        using var generator = new Generator(4);
        var encoder = Encoders.Create(new(architecture, width, channels, side), generator);
        using var _ = no_grad();
        foreach (var (name, tensor) in ModuleWeights.Of(encoder))
        {
            if (name.EndsWith("running_mean", StringComparison.Ordinal)) tensor.normal_(0, 0.2, generator);
            else if (name.EndsWith("running_var", StringComparison.Ordinal)) tensor.uniform_(0.5, 2, generator);
            else if (tensor.dim() == 1 && name.EndsWith("weight", StringComparison.Ordinal)) tensor.uniform_(0.4, 1, generator);
            else if (tensor.dim() == 1) tensor.normal_(0, 0.1, generator);
        }
        return EncoderSource.Of(
            "tiny", encoder, new(architecture, width, channels, side, scaling, "MONOCHROME2", encoder.FeatureWidth, "a test", true, ""));
    }

    /// <summary>A yes/no head and one of three grades.</summary>
    internal static IReadOnlyList<TrainedHead> Heads(int width)
    {
        var random = new Random(6);
        double[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
        return
        [
            new("Edema/n30/trial0/logistic", "Edema", 30, 0, HeadKind.Logistic, new(2, width, Draw(width), Draw(1))),
            new("Grade/n30/trial0/logistic", "Grade", 30, 0, HeadKind.Logistic, new(3, width, Draw(3 * width), [0.1, double.NegativeInfinity, -0.2])),
        ];
    }
}
