using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>
/// Lookahead (Zhang et al. 2019): after every k-th inner step, fast = α fast + (1 - α) slow; slow = fast. The inner momentum
/// is left as it is (VirTex). Unlike VirTex, slow weights and counter are part of the state, so that a resumed run is the same run.
/// </summary>
public sealed class Lookahead : Optimizer
{
    private readonly Optimizer inner;
    private readonly int steps;
    private readonly double alpha;
    private readonly Tensor[] slow;
    private readonly Tensor counter;

    /// <summary>Lookahead over another optimiser; slow weights begin as the fast ones are.</summary>
    /// <param name="inner">The optimiser of the fast weights.</param>
    /// <param name="steps">k; VirTex: 5.</param>
    /// <param name="alpha">α; VirTex: 0.5.</param>
    public Lookahead(Optimizer inner, int steps = 5, double alpha = 0.5) : base(inner.Groups)
    {
        (this.inner, this.steps, this.alpha) = (inner, steps, alpha);
        using var _ = no_grad();
        slow = [.. inner.Groups.Select(g => g.Values.clone().DetachFromDisposeScope())];
        counter = zeros(1, dtype: ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> State =>
        inner.State.Concat(Groups.Zip(slow, (group, weights) => ($"lookahead.{group.Name}.slow", weights)))
            .Append(("lookahead.counter", counter));

    /// <inheritdoc/>
    protected override void Update(double multiplier)
    {
        inner.Step(multiplier);
        var count = counter.data<long>();
        if (++count[0] % steps != 0) return;
        using Scalar fast = alpha, rest = 1 - alpha;
        foreach (var (group, weights) in Groups.Zip(slow))
            InStretches(group, part => part(weights).copy_(part(group.Values).mul_(fast).add_(part(weights), rest)));
    }
}
