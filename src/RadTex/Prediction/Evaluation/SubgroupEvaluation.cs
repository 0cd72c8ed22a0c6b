using RadTex.Metrics;

namespace RadTex.Prediction.Evaluation;

/// <summary>One group's figures.</summary>
/// <param name="By">What the groups differ in, such as "sex".</param>
/// <param name="Group">Such as "female"; "not known" where the data do not say.</param>
/// <param name="Figures">Without the interval of average precision.</param>
public sealed record SubgroupEvaluation(string By, string Group, BinaryEvaluation Figures);
