using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>What a part of a batch adds to the loss.</summary>
/// <param name="Loss">A scalar with its graph: what the loop calls backward on.</param>
/// <param name="Terms">Scalars by name, without graph, such as forward and backward, for the log; their sum is the loss.</param>
/// <param name="Tokens">Tokens predicted in each direction; 0 where there are none.</param>
public sealed record LossTerms(Tensor Loss, IReadOnlyList<(string Name, Tensor Value)> Terms, long Tokens = 0);
