namespace RadTex.Studies;

/// <summary>An input that was left out, and why.</summary>
/// <param name="Table">The table that named it, relative to the source's root.</param>
/// <param name="Row">Its line in that table (its row, from 1, in Parquet).</param>
/// <param name="ImageId">Its image's id; empty where it has none.</param>
/// <param name="Reason">One of <see cref="RejectReason"/>.</param>
/// <param name="Detail">What was found, without report text.</param>
public sealed record Reject(string Table, long Row, string ImageId, string Reason, string Detail);
