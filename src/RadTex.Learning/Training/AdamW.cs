using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019), as torch.optim.AdamW.</summary>
public sealed class AdamW : Optimizer
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly Tensor[] means, squares;
    private readonly Tensor steps; // a tensor, so that a checkpoint holds it with the rest

    /// <summary>With β 0.9 and 0.999 and ε 1e-8; rates and decay are the groups'.</summary>
    /// <param name="groups">What is updated; disposed of with the optimiser.</param>
    public AdamW(IReadOnlyList<ParameterGroup> groups) : base(groups)
    {
        means = [.. groups.Select(g => zeros_like(g.Values).DetachFromDisposeScope())];
        squares = [.. groups.Select(g => zeros_like(g.Values).DetachFromDisposeScope())];
        steps = zeros(1, dtype: ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> State =>
        Groups.Zip(means, (group, mean) => ($"adamw.{group.Name}.mean", mean))
            .Concat(Groups.Zip(squares, (group, square) => ($"adamw.{group.Name}.square", square)))
            .Append(("adamw.steps", steps));

    /// <inheritdoc/>
    protected override void Update(double multiplier)
    {
        var count = steps.data<long>();
        long t = ++count[0];
        double correction1 = 1 - Math.Pow(Beta1, t), correction2 = Math.Sqrt(1 - Math.Pow(Beta2, t));
        for (int i = 0; i < Groups.Count; i++)
        {
            var group = Groups[i];
            double rate = group.LearningRate * multiplier;
            // Scalars that live until the operations are done: see Optimizer's remarks.
            using Scalar kept = 1 - rate * group.WeightDecay, momentum = Beta1, first = 1 - Beta1, second = Beta2, rest = 1 - Beta2,
                root = 1 / correction2, epsilon = Epsilon, step = -rate / correction1, one = 1.0;
            var (wholeMean, wholeSquare) = (means[i], squares[i]);
            InStretches(group, part =>
            {
                var (x, g, mean, square) = (part(group.Values), part(group.Gradients), part(wholeMean), part(wholeSquare));
                if (group.WeightDecay != 0) x.mul_(kept);
                mean.mul_(momentum).add_(g, first);
                square.mul_(second).addcmul_(g, g, rest);
                x.addcdiv_(mean, square.sqrt().mul_(root).add_(epsilon, one), step);
            });
        }
    }
}
