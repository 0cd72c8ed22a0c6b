namespace RadTex.Inspection;

/// <summary>How many radiographs have a view, by split name.</summary>
public sealed record ViewCounts(string View, IReadOnlyDictionary<string, int> Splits);
