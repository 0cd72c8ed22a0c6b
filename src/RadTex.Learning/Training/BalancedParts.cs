namespace RadTex.Learning.Training;

/// <summary>Deals a batch to its parts so that they cost about the same: where processes train together, the slower one keeps all waiting.</summary>
internal static class BalancedParts
{
    /// <summary>
    /// The batch in an order whose stretches (<see cref="PartOfBatch.Cut"/>) have nearly equal sums of cost: from the costliest on, each goes to the
    /// part that has least and still has room. Inside a part the order is the batch's.
    /// </summary>
    /// <param name="batch">Radiographs.</param>
    /// <param name="parts">Of the batch.</param>
    /// <param name="cost">Of a radiograph, such as its caption's tokens.</param>
    internal static IReadOnlyList<int> Deal(IReadOnlyList<int> batch, int parts, Func<int, long> cost)
    {
        if (parts == 1) return batch;
        var members = Enumerable.Range(0, parts).Select(_ => new List<int>()).ToArray();
        var room = Enumerable.Range(0, parts).Select(p => PartOfBatch.Cut(0, batch, p, parts).Radiographs.Count).ToArray();
        var sums = new long[parts];
        foreach (int position in Enumerable.Range(0, batch.Count).OrderByDescending(i => cost(batch[i])).ThenBy(i => i))
        {
            int part = Enumerable.Range(0, parts).Where(p => members[p].Count < room[p]).MinBy(p => sums[p]);
            members[part].Add(position);
            sums[part] += cost(batch[position]);
        }
        return [.. members.SelectMany(m => m.Order().Select(i => batch[i]))];
    }
}
