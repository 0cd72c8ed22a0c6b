namespace RadTex.Data;

/// <summary>How much lies in one split.</summary>
public sealed record SplitCounts(int Radiographs, int Studies, int Patients);
