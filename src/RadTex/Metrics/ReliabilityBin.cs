using RadTex.Metrics.Intervals;

namespace RadTex.Metrics;

/// <summary>One point of a reliability plot: what was predicted and what came true in one range of probabilities.</summary>
/// <param name="Lower">The range's lower end, excluded but for the first range.</param>
/// <param name="Upper">Its upper end, included.</param>
/// <param name="Count">Examples in it, at least 1.</param>
/// <param name="MeanProbability">What was predicted on average.</param>
/// <param name="PositiveRate">The part that is positive, with Wilson's interval: it takes examples as independent.</param>
public readonly record struct ReliabilityBin(double Lower, double Upper, int Count, double MeanProbability, Interval PositiveRate);
