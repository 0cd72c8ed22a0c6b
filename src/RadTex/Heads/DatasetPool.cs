using RadTex.Data;
using RadTex.Gating;
using RadTex.Studies;

namespace RadTex.Heads;

/// <summary>A pool whose radiographs are all of one dataset, which has their pixels.</summary>
/// <param name="Dataset">The dataset; stays the caller's to dispose.</param>
/// <param name="Radiographs">One a row.</param>
public sealed record DatasetPool(PreparedDataset Dataset, IReadOnlyList<PreparedRadiograph> Radiographs)
    : LabelledPool(Radiographs, Dataset.LabelNames)
{
    /// <summary>The radiographs of a split; null for all.</summary>
    /// <exception cref="UserErrorException">There are none.</exception>
    public static DatasetPool Of(PreparedDataset dataset, Split? split)
    {
        PreparedRadiograph[] pool = [.. dataset.Radiographs.Where(r => split is null || r.Split == split)];
        return pool.Length > 0 ? new(dataset, pool) : throw new UserErrorException(
            $"{dataset.Folder} has no radiographs of split {split!.Value.Name()}. Choose another split.");
    }

    /// <summary>The radiographs' indices in the dataset.</summary>
    internal int[] Indices => [.. Radiographs.Select(r => r.Index)];

    /// <summary>The indices in the dataset of some rows.</summary>
    internal int[] IndicesOf(IEnumerable<int> rows) => [.. rows.Select(row => Radiographs[row].Index)];
}
