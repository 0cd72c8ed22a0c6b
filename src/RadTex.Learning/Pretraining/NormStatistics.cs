using RadTex.Data;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Models.Encoders;
using static TorchSharp.torch;

namespace RadTex.Learning.Pretraining;

/// <summary>
/// Makes an encoder of random weights one that can be used without training. As training begins it, the last norm of each residual branch has
/// scale 0 and all running statistics are 0 and 1: in evaluation mode every branch is then zero, and of a ResNet-18's twenty convolutions four
/// reach the output. Here all scales are 1, and the running statistics those of radiographs it is to be compared on, measured in one pass.
/// </summary>
internal static class NormStatistics
{
    /// <summary>As many radiographs are passed at most; a channel's statistics are over all their positions.</summary>
    internal const int Most = 2048;

    private const int BatchSize = 64;
    private const ulong DrawStream = 0x4E6F726D73; // "Norms"

    /// <summary>The rows of a pool that are measured on: all where they are few, else drawn by the seed; ascending.</summary>
    internal static int[] Draw(IReadOnlyList<int> pool, long seed) => pool.Count <= Most
        ? [.. pool.Order()]
        : [.. new CounterRandom((ulong)seed, DrawStream).Permutation(pool.Count).Take(Most).Select(p => pool[p]).Order()];

    /// <summary>
    /// Passes centre views through the encoder in float32, each batch normalised by its own statistics; what stays is their mean over all
    /// radiographs.
    /// </summary>
    /// <param name="encoder">Of fresh weights, on any device; left in evaluation mode.</param>
    /// <param name="dataset">Where the radiographs are.</param>
    /// <param name="rows">At least two.</param>
    /// <param name="input">The encoder's.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="UserErrorException">Fewer than two radiographs.</exception>
    internal static void Measure(
        ImageEncoder encoder, PreparedDataset dataset, IReadOnlyList<int> rows, RadiographInput input, CancellationToken cancellation = default)
    {
        if (rows.Count < 2)
            throw new UserErrorException(
                $"Random weights need two training radiographs or more to measure their norms' statistics on; {dataset.Folder} "
                    + $"has {rows.Count:N0} there.");
        var batches = new RadiographBatches(dataset, input);
        var device = encoder.parameters().First().device;
        using var _ = no_grad();
        encoder.OpenBranches();
        encoder.ResetStatistics();
        encoder.train();
        try
        {
            int count = (rows.Count + BatchSize - 1) / BatchSize, done = 0;
            for (int b = 0; b < count; b++)
            {
                cancellation.ThrowIfCancellationRequested();
                // Batches of nearly one size: a last one of a single radiograph might have a single value a channel.
                int[] part = [.. rows.Skip(done).Take((rows.Count - done) / (count - b))];
                done += part.Length;
                encoder.StatisticsMomentum = (double)part.Length / done; // so that all radiographs weigh alike
                using var scope = NewDisposeScope();
                encoder.forward(batches.CentreViews(part).to(device));
            }
        }
        finally
        {
            encoder.StatisticsMomentum = BatchNorm.DefaultMomentum;
            encoder.eval();
        }
    }
}
