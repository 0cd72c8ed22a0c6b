using RadTex.Learning.Models.Encoders;
using static TorchSharp.torch;

namespace RadTex.Learning.Transfer;

/// <summary>
/// How far training took an encoder from where it started. Batch norms' scales and shifts count as weights, their running statistics do not.
/// </summary>
/// <param name="Share">The part of the weights whose value changed, 0 to 1.</param>
/// <param name="Distance">|w - w0| / |w0| over all weights.</param>
public sealed record MovedWeights(double Share, double Distance)
{
    /// <summary>From a start to the same network after training.</summary>
    internal static MovedWeights Between(ImageEncoder start, ImageEncoder end)
    {
        using var _ = no_grad();
        double count = 0, moved = 0, change = 0, length = 0;
        foreach (var (before, after) in start.parameters().Zip(end.parameters()))
        {
            using var scope = NewDisposeScope();
            var (a, b) = (before.detach().cpu().to(ScalarType.Float64), after.detach().cpu().to(ScalarType.Float64));
            count += a.numel();
            moved += a.ne(b).sum().item<long>();
            var difference = b - a;
            change += (difference * difference).sum().item<double>();
            length += (a * a).sum().item<double>();
        }
        return new(moved / count, Math.Sqrt(change / length));
    }
}
