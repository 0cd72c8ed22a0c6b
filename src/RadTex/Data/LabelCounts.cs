namespace RadTex.Data;

/// <summary>A label of a prepared dataset and how many radiographs are positive (value above 0), negative (0), uncertain (below 0) and unlabelled.</summary>
public sealed record LabelCounts(string Name, int Positive, int Negative, int Uncertain, int Absent);
