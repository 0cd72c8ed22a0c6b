using RadTex.Data;

namespace RadTex.Learning.Pretraining;

/// <summary>The studies that a task names in messages.</summary>
public static class StudiesOfRadiographs
{
    /// <summary>The ids of the studies of radiographs, each once.</summary>
    public static IReadOnlyList<string> StudyIds(this PreparedDataset dataset, IReadOnlyList<int> radiographs) =>
        [.. radiographs.Select(i => dataset[i]).DistinctBy(row => row.Study).Select(row => row.StudyId)];
}
