namespace RadTex.Experiments.Sweeps;

/// <summary>Some trials of a sweep that share an encoder or a fold.</summary>
/// <param name="First">The first one's number, from 0.</param>
/// <param name="Count">How many.</param>
internal readonly record struct TrialRange(int First, int Count);
