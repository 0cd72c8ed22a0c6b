namespace RadTex.Learning.Training;

/// <summary>A stretch of an update's batch: what the network sees at once.</summary>
/// <param name="Step">The update, from 0.</param>
/// <param name="Number">The part, from 0.</param>
/// <param name="Count">Parts of the batch.</param>
/// <param name="Batch">The radiographs of the whole batch.</param>
/// <param name="Radiographs">Those of this part.</param>
public sealed record PartOfBatch(long Step, int Number, int Count, IReadOnlyList<int> Batch, IReadOnlyList<int> Radiographs)
{
    /// <summary>Its place in the batch.</summary>
    internal int First => Start(Batch, Number, Count);

    /// <summary>One of several parts of nearly equal size.</summary>
    public static PartOfBatch Cut(long step, IReadOnlyList<int> batch, int number, int count)
    {
        int first = Start(batch, number, count), end = Start(batch, number + 1, count);
        return new(step, number, count, batch, [.. batch.Skip(first).Take(end - first)]);
    }

    private static int Start(IReadOnlyList<int> batch, int number, int count) => batch.Count * number / count;
}
