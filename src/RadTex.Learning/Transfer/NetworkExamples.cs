using RadTex.Data;

namespace RadTex.Learning.Transfer;

/// <summary>What a network is trained on.</summary>
/// <param name="Dataset">Holds the radiographs.</param>
/// <param name="Labelled">Their indices in it and their classes.</param>
/// <param name="ClassCount">C.</param>
internal sealed record NetworkExamples(PreparedDataset Dataset, IReadOnlyList<(int Index, int Class)> Labelled, int ClassCount)
{
    /// <summary>N.</summary>
    internal int Count => Labelled.Count;

    internal int[] Indices => [.. Labelled.Select(e => e.Index)];

    internal int[] Classes => [.. Labelled.Select(e => e.Class)];
}
