namespace RadTex.Data;

/// <summary>What was done with report text.</summary>
/// <param name="Policy">The part of a report that was taken, such as <c>findings</c>, or <c>none</c>.</param>
/// <param name="Required">Whether radiographs without text were left out.</param>
/// <param name="WithText">Radiographs of the dataset that have text.</param>
/// <param name="WithoutText">Radiographs of the dataset that have none.</param>
/// <param name="Dropped">Radiographs that were left out for want of text; each is in <c>rejects.csv</c>.</param>
/// <param name="Reports">What became of the reports themselves; null where the source has none.</param>
public sealed record TextCounts(string Policy, bool Required, int WithText, int WithoutText, int Dropped, ReportCounts? Reports = null);
