namespace RadTex.Experiments.Reproduction;

/// <summary>A kind of work with its estimated time.</summary>
/// <param name="Work">What is done.</param>
/// <param name="Count">Radiographs (of heads, heads; of statistics, scores).</param>
/// <param name="PerSecond">The measured rate.</param>
/// <param name="Seconds">The estimate.</param>
/// <param name="Measured">Where the rate was measured.</param>
public sealed record PlannedCost(string Work, double Count, double PerSecond, double Seconds, string Measured);
