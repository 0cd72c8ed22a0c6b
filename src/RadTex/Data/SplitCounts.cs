namespace RadTex.Data;

/// <summary>How much lies in one split.</summary>
/// <param name="Radiographs">Rows.</param>
/// <param name="Studies">Examinations.</param>
/// <param name="Patients">Different patients; no two splits share one.</param>
public sealed record SplitCounts(int Radiographs, int Studies, int Patients);
