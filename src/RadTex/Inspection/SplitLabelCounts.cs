using RadTex.Data;

namespace RadTex.Inspection;

/// <summary>The counts of one label, by split name.</summary>
/// <param name="Name">The label.</param>
/// <param name="Splits">Its counts by train, validate and test, all three.</param>
public sealed record SplitLabelCounts(string Name, IReadOnlyDictionary<string, LabelCounts> Splits);
