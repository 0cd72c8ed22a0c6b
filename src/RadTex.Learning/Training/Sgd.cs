using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>Stochastic gradient descent with momentum and L2 weight decay, as torch.optim.SGD without dampening or Nesterov.</summary>
public sealed class Sgd : Optimizer
{
    private readonly double momentum;
    private readonly Tensor[] velocities;

    /// <summary>Velocities of zero; rates and decay are the groups'.</summary>
    /// <param name="groups">What is updated; disposed of with the optimiser.</param>
    /// <param name="momentum">How much of the velocity stays, 0 to 1.</param>
    public Sgd(IReadOnlyList<ParameterGroup> groups, double momentum = 0.9) : base(groups)
    {
        this.momentum = momentum;
        velocities = [.. groups.Select(g => zeros_like(g.Values).DetachFromDisposeScope())];
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> State =>
        Groups.Zip(velocities, (group, velocity) => ($"sgd.{group.Name}.velocity", velocity));

    /// <inheritdoc/>
    protected override void Update(double multiplier)
    {
        foreach (var (group, velocity) in Groups.Zip(velocities))
        {
            // v = momentum v + g + decay x;  x = x - rate v
            using Scalar kept = momentum, one = 1.0, decay = group.WeightDecay, step = -group.LearningRate * multiplier;
            InStretches(group, part =>
            {
                var (v, x) = (part(velocity), part(group.Values));
                v.mul_(kept).add_(part(group.Gradients), one);
                if (group.WeightDecay != 0) v.add_(x, decay);
                x.add_(v, step);
            });
        }
    }
}
