namespace RadTex.Learning.SelfCheck;

/// <summary>One number, or set of numbers, of a golden case beside what this program computes.</summary>
/// <param name="Name">What it is, such as "forward_loss" or "gradient_norms visual.cnn.conv1.weight".</param>
/// <param name="Expected">The file's value, as text.</param>
/// <param name="Found">This program's value, as text.</param>
/// <param name="Deviation">The relative deviation; null where values are compared for equality.</param>
/// <param name="Tolerance">The largest deviation allowed; null where the precision has no bound for this quantity.</param>
/// <param name="Passed">Whether it is within its bound; true where there is none.</param>
public sealed record CheckedQuantity(string Name, string Expected, string Found, double? Deviation, double? Tolerance, bool Passed);
