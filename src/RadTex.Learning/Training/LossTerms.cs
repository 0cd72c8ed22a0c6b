using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>What a part of a batch adds to the loss.</summary>
/// <param name="Loss">A scalar with its graph: what the loop calls backward on.</param>
/// <param name="Terms">Scalars by name, without graph, such as forward and backward, for the log; their sum is the loss.</param>
/// <param name="Tokens">Tokens predicted in each direction; 0 where there are none.</param>
/// <param name="Figures">What else the log tells, by name: each this part's share of the batch's, so that parts add up; null for nothing.</param>
public sealed record LossTerms(Tensor Loss, IReadOnlyList<(string Name, Tensor Value)> Terms, long Tokens = 0,
    IReadOnlyList<(string Name, double Value)>? Figures = null);
