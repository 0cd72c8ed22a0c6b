using System.Collections;
using RadTex.Studies;

namespace RadTex.Data;

/// <summary>
/// The rows of a dataset that is being prepared, each made when it is asked for: what is kept of a row is where it stands and where its pixels start.
/// </summary>
internal sealed class PreparedRows : IReadOnlyList<PreparedRadiograph>
{
    private readonly IReadOnlyList<Radiograph> listed;
    private readonly IReadOnlyList<PreparedItem> items;
    private readonly int[] places; // in the listing
    private readonly long[] offsets;

    /// <param name="listed">The listing.</param>
    /// <param name="items">What became of each; those that were left out are no rows.</param>
    internal PreparedRows(IReadOnlyList<Radiograph> listed, IReadOnlyList<PreparedItem> items)
    {
        (this.listed, this.items) = (listed, items);
        places = [.. Enumerable.Range(0, items.Count).Where(i => items[i].Reason is null)];
        offsets = new long[places.Length];
        for (int i = 1; i < places.Length; i++) offsets[i] = offsets[i - 1] + (long)items[places[i - 1]].Height * items[places[i - 1]].Width;
    }

    public int Count => places.Length;

    public PreparedRadiograph this[int index]
    {
        get
        {
            var (row, item) = (listed[places[index]], items[places[index]]);
            return new(
                index, row.ImageId, row.PatientId, row.StudyId, item.View
                    ?? row.View, row.Split!.Value, null, row.Labels, row.ImagePath, offsets[index], item.Height, item.Width);
        }
    }

    public IEnumerator<PreparedRadiograph> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
