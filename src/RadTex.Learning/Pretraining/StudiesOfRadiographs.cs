using RadTex.Data;

namespace RadTex.Learning.Pretraining;

internal static class StudiesOfRadiographs
{
    /// <summary>The ids of the studies of radiographs, each once.</summary>
    internal static IReadOnlyList<string> StudyIds(this PreparedDataset dataset, IReadOnlyList<int> radiographs) =>
        [.. radiographs.Select(i => dataset[i]).DistinctBy(row => row.Study).Select(row => row.StudyId)];
}
