namespace RadTex.Gating;

/// <summary>What a <see cref="TrainingLikeness"/> was learnt from, and its thresholds.</summary>
/// <param name="Source">Whose radiographs, in words.</param>
/// <param name="WeightsSha256">Of the encoder whose features they are.</param>
/// <param name="Features">F.</param>
/// <param name="Radiographs">How many.</param>
/// <param name="Patients">Of how many patients.</param>
/// <param name="Quantile">The part of left-out radiographs inside each threshold.</param>
/// <param name="Threshold">Of the distance: 1 is usual.</param>
/// <param name="LateralThreshold">How much more like a lateral than like the frontal radiographs a picture may be; at least 0.</param>
public sealed record LikenessCard(
    string Source, string WeightsSha256, int Features, int Radiographs, int Patients, double Quantile, double Threshold, double LateralThreshold);
