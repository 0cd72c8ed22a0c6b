namespace RadTex.Experiments.Reproduction;

/// <summary>How fast a kind of work was measured.</summary>
/// <param name="Work">Which.</param>
/// <param name="Network">Of which network; null where none is at work.</param>
/// <param name="PerSecond">Radiographs a second, over both processes where two ran side by side; of heads, heads; of asking, texts; of statistics,
/// scores.</param>
/// <param name="Where">Where and when.</param>
public sealed record WorkRate(WorkKind Work, NetworkSize? Network, double PerSecond, string Where);
