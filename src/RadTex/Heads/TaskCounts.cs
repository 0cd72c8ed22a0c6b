namespace RadTex.Heads;

/// <summary>What a task found in the data.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Classes">C.</param>
/// <param name="Train">Labelled training radiographs of each class.</param>
/// <param name="TrainUncertain">Left out for a value below 0.</param>
/// <param name="TrainBlank">Left out for want of a value.</param>
/// <param name="Test">Labelled test radiographs of each class.</param>
/// <param name="TestUncertain">Left out for a value below 0.</param>
/// <param name="TestBlank">Left out for want of a value.</param>
public sealed record TaskCounts(
    string Task, int Classes, IReadOnlyList<int> Train, int TrainUncertain, int TrainBlank, IReadOnlyList<int> Test, int TestUncertain,
    int TestBlank);
