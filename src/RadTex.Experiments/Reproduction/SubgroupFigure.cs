using RadTex.Metrics;

namespace RadTex.Experiments.Reproduction;

/// <summary>A group's line: the mean over trials is not taken, the first trial's classifier is.</summary>
public sealed record SubgroupFigure(string Task, int? Examples, string Kind, SubgroupRow Row, double? HolmPValue);
