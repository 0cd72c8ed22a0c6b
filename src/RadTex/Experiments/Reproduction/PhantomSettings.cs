namespace RadTex.Experiments.Reproduction;

/// <summary>Radiographs to draw. Datasets of equal settings share them.</summary>
public sealed record PhantomSettings(int Count, ulong Seed = 0, int Side = 128, double Difficulty = 0.6, string ReportStyle = "systematic");
