namespace RadTex.Selection;

/// <summary>Something policies are replayed on: a finding of a dataset.</summary>
/// <param name="Name">Such as "Edema".</param>
/// <param name="Replay">Its pool and test radiographs.</param>
/// <param name="Prevalence">The share of the pool that shows it.</param>
public sealed record PolicyCase(string Name, SelectionReplay Replay, double Prevalence);
