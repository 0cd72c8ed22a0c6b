using RadTex.Data;

namespace RadTex.Inspection;

/// <summary>The counts of one label, by split name.</summary>
public sealed record SplitLabelCounts(string Name, IReadOnlyDictionary<string, LabelCounts> Splits);
