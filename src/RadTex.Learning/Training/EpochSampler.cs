namespace RadTex.Learning.Training;

/// <summary>
/// Batches of uniformly random radiographs: every epoch is a fresh permutation that follows from (seed, epoch) alone, and batch k of an
/// epoch is its k-th stretch. Nothing needs saving: a resumed run asks for its next step. Safe to use from several threads at once.
/// </summary>
/// <remarks>Captions are not grouped by length: that would reweight tokens in the loss and skew the batch norms' statistics.</remarks>
public sealed class EpochSampler
{
    private const ulong Stream = 0x45706F6368; // "Epoch"

    private readonly int[] indices;
    private readonly long seed;
    private volatile Order? latest;

    /// <summary>Batches of given radiographs.</summary>
    /// <param name="indices">The radiographs to draw from, each once an epoch.</param>
    /// <param name="batchSize">Radiographs a batch.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="dropLast">Whether an epoch's last, smaller batch is left out (VirTex's pretraining) or kept.</param>
    /// <exception cref="UserErrorException">There are no radiographs, or fewer than a batch where the last is dropped.</exception>
    public EpochSampler(IReadOnlyList<int> indices, int batchSize, long seed, bool dropLast)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        this.indices = [.. indices];
        this.seed = seed;
        BatchSize = batchSize;
        BatchesPerEpoch = dropLast ? indices.Count / batchSize : (indices.Count + batchSize - 1) / batchSize;
        if (BatchesPerEpoch == 0)
            throw new UserErrorException($"{indices.Count:N0} radiographs make no batch of {batchSize:N0}. Use a smaller batch or more radiographs.");
    }

    /// <summary>Radiographs a batch; an epoch's last one may be smaller where it is kept.</summary>
    public int BatchSize { get; }

    /// <summary>At least 1.</summary>
    public long BatchesPerEpoch { get; }

    /// <summary>All radiographs in the order of one epoch, counted from 0.</summary>
    public IReadOnlyList<int> Epoch(long epoch)
    {
        // Steps ask for the same epoch again and again; a race costs a second permutation, never another result.
        if (latest is { } kept && kept.Epoch == epoch) return kept.Indices;
        var order = new CounterRandom((ulong)seed, (ulong)epoch, Stream).Permutation(indices.Length);
        for (int i = 0; i < order.Length; i++) order[i] = indices[order[i]];
        latest = new(epoch, order);
        return order;
    }

    /// <summary>The radiographs of a step, counted from 0 over all epochs.</summary>
    public IReadOnlyList<int> Batch(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        var order = (int[])Epoch(step / BatchesPerEpoch);
        int start = (int)(step % BatchesPerEpoch) * BatchSize;
        return new ArraySegment<int>(order, start, Math.Min(BatchSize, order.Length - start));
    }

    private sealed record Order(long Epoch, int[] Indices);
}
