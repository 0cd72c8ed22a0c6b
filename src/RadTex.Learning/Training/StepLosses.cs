namespace RadTex.Learning.Training;

/// <summary>What one update cost and how much it saw.</summary>
/// <param name="Parts">The losses by name, such as forward and backward.</param>
/// <param name="Total">What was minimised.</param>
/// <param name="Images">Radiographs in the batch.</param>
/// <param name="Tokens">Tokens predicted in each direction; 0 where there are none.</param>
/// <param name="Figures">What else the log tells, by name.</param>
public sealed record StepLosses(IReadOnlyList<(string Name, double Value)> Parts, double Total, int Images, long Tokens,
    IReadOnlyList<(string Name, double Value)> Figures);
