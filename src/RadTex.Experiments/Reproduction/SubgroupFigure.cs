using RadTex.Metrics;

namespace RadTex.Experiments.Reproduction;

/// <summary>A group's line: the mean over trials is not taken, the first trial's classifier is.</summary>
/// <param name="Task">The label.</param>
/// <param name="Examples">Labels it learnt from; null for all.</param>
/// <param name="Kind">What groups: "view", "sex" or "age".</param>
/// <param name="Row">The group's figures.</param>
/// <param name="HolmPValue">Of its difference from the others, corrected over all groups' (Holm); null where there is none.</param>
public sealed record SubgroupFigure(string Task, int? Examples, string Kind, SubgroupRow Row, double? HolmPValue);
