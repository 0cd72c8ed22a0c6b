namespace RadTex.Learning.Reading;

/// <summary>Maps scored against boxes.</summary>
/// <param name="Scores">A score a method and finding.</param>
/// <param name="RandomisedCorrelation">Spearman's correlation of the trained model's attention maps with those of the same model with fresh weights,
/// the mean over cases: near 1 would mean that the maps do not depend on what was learnt. Null without cases.</param>
/// <param name="RandomisedCamCorrelation">The same of LayerCAM's maps.</param>
public sealed record LocalisationResult(IReadOnlyList<MapScore> Scores, double? RandomisedCorrelation, double? RandomisedCamCorrelation);
