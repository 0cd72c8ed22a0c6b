namespace RadTex.Service.Judging;

/// <summary>How two models agree on a finding.</summary>
/// <param name="Label">The finding and its outcome.</param>
/// <param name="Model">SHA-256 of the one that is sent.</param>
/// <param name="Other">SHA-256 of the second one.</param>
/// <param name="Radiographs">Judged by both.</param>
/// <param name="Decided">Of them those on which both have a decision.</param>
/// <param name="Agree">Of these those with the same one.</param>
/// <param name="Kappa">Cohen's; null where it has none.</param>
/// <param name="MeanDifference">Of the probabilities, absolute.</param>
internal sealed record ShadowAgreement(
    string Label, string Model, string Other, int Radiographs, int Decided, int Agree, double? Kappa, double MeanDifference);
