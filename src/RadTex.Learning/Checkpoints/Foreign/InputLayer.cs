namespace RadTex.Learning.Checkpoints.Foreign;

/// <summary>The first layer of a network: products of the input, and what takes up a constant that is added to it.</summary>
/// <param name="Products">Name of the weight [W, C, k, k].</param>
/// <param name="Constant">Name of the values [W] that take up a constant.</param>
/// <param name="IsSubtracted">Whether those are subtracted, as a norm's mean, or added, as a bias.</param>
/// <param name="Title">In words, such as "its batch norm".</param>
internal sealed record InputLayer(string Products, string Constant, bool IsSubtracted, string Title);
