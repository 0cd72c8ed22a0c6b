namespace RadTex.Inspection;

/// <summary>How many radiographs have a view, by split name.</summary>
/// <param name="View">As the source names it, such as PA.</param>
/// <param name="Splits">Radiographs by train, validate, test.</param>
public sealed record ViewCounts(string View, IReadOnlyDictionary<string, int> Splits);
