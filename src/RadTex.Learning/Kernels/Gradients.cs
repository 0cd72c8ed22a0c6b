using static TorchSharp.torch;

namespace RadTex.Learning.Kernels;

/// <summary>Handles of the gradients that a function of our own gets and gives back.</summary>
/// <remarks>
/// TorchSharp leaves them to the dispose scope that is open when the backward pass is called: a step's. Every gradient of a pass would then live to
/// the step's end. torch has its own hold of what a function gave back by the time the next one is called.
/// </remarks>
internal static class Gradients
{
    [ThreadStatic]
    private static Tensor?[]? last;

    /// <summary>What a function's backward returns, in the order of its arguments; null for those that have none.</summary>
    /// <param name="received">The gradient it got, which is done with.</param>
    /// <param name="returned">Those it gives.</param>
    internal static List<Tensor> Return(Tensor received, params Tensor?[] returned)
    {
        foreach (var tensor in last ?? []) tensor?.Dispose();
        foreach (var tensor in returned) tensor?.DetachFromDisposeScope();
        last = returned;
        received.Dispose();
        return [.. returned.Select(tensor => tensor!)];
    }
}
