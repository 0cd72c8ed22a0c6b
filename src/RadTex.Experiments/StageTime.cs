namespace RadTex.Experiments;

/// <summary>How long a step of an experiment took.</summary>
/// <param name="Stage">What was done.</param>
/// <param name="Seconds">Wall clock.</param>
public sealed record StageTime(string Stage, double Seconds);
