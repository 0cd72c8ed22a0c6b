namespace RadTex.Prediction.Evaluation;

/// <summary>How a head is fitted to labels of another place.</summary>
/// <param name="Columns">The head's label and its column there.</param>
/// <param name="Sensitivity">What the threshold is to reach; null for the largest Youden index.</param>
/// <param name="PatientsDiffer">Says that the data number their patients independently of what the model learnt from.</param>
/// <param name="BatchSize">Pictures a forward pass.</param>
/// <param name="JudgeAll">Fit to what the gate refuses too.</param>
public sealed record RecalibrationOptions(
    KeyValuePair<string, string> Columns, double? Sensitivity = null, bool PatientsDiffer = false, int BatchSize = 16, bool JudgeAll = false);
