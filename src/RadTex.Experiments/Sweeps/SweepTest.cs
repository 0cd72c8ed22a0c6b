using RadTex.Data;

namespace RadTex.Experiments.Sweeps;

/// <summary>What a task is tested on.</summary>
/// <param name="Radiographs">Those that have a definite label.</param>
/// <param name="Classes">Their classes.</param>
/// <param name="ClassCount">C.</param>
public sealed record SweepTest(IReadOnlyList<PreparedRadiograph> Radiographs, int[] Classes, int ClassCount);
