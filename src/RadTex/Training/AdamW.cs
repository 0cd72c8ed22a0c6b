using static TorchSharp.torch;

namespace RadTex.Training;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019), as torch.optim.AdamW.</summary>
public sealed class AdamW : Optimizer
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly Tensor[] means, squares;
    private readonly Tensor steps; // a tensor, so that a checkpoint holds it with the rest

    public AdamW(IReadOnlyList<ParameterGroup> groups) : base(groups)
    {
        means = [.. groups.Select(g => zeros_like(g.Values).DetachFromDisposeScope())];
        squares = [.. groups.Select(g => zeros_like(g.Values).DetachFromDisposeScope())];
        steps = zeros(1, dtype: ScalarType.Int64).DetachFromDisposeScope();
    }

    public override IEnumerable<(string Name, Tensor Tensor)> State =>
        Groups.Zip(means, (group, mean) => ($"adamw.{group.Name}.mean", mean))
            .Concat(Groups.Zip(squares, (group, square) => ($"adamw.{group.Name}.square", square)))
            .Append(("adamw.steps", steps));

    protected override void Update(double multiplier)
    {
        steps.add_(1);
        long t = steps.item<long>();
        double correction1 = 1 - Math.Pow(Beta1, t), correction2 = Math.Sqrt(1 - Math.Pow(Beta2, t));
        for (int i = 0; i < Groups.Count; i++)
        {
            using var scope = NewDisposeScope();
            var group = Groups[i];
            double rate = group.LearningRate * multiplier;
            if (group.WeightDecay != 0) group.Values.mul_(1 - rate * group.WeightDecay);
            means[i].lerp_(group.Gradients, 1 - Beta1);
            squares[i].mul_(Beta2).addcmul_(group.Gradients, group.Gradients, 1 - Beta2);
            var denominator = squares[i].sqrt().div_(correction2).add_(Epsilon);
            group.Values.addcdiv_(means[i], denominator, -rate / correction1);
        }
    }
}
