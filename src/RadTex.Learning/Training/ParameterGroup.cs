using System.Text.RegularExpressions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>Parameters that share a learning rate and weight decay, laid end to end in one tensor, and their gradients in another.</summary>
/// <remarks>
/// An optimiser then works in a few operations over long tensors instead of several for each of some 200 parameters. The
/// parameters stay what they were to the model: each becomes a view of its stretch.
/// </remarks>
public sealed partial class ParameterGroup : IDisposable
{
    private readonly double learningRate, weightDecay;

    private ParameterGroup(string name, Tensor values, Tensor gradients, double learningRate, double weightDecay) =>
        (Name, Values, Gradients, this.learningRate, this.weightDecay) = (name, values, gradients, learningRate, weightDecay);

    /// <summary>Part of the names of an optimiser's state, so that a checkpoint fits the same groups alone.</summary>
    public string Name { get; }

    /// <summary>All values of the group, [n].</summary>
    public Tensor Values { get; }

    /// <summary>All gradients of the group, [n]; what a backward pass adds to.</summary>
    public Tensor Gradients { get; }

    /// <summary>The highest learning rate; a schedule multiplies it.</summary>
    public double LearningRate => IsFrozen ? 0 : learningRate;

    /// <summary>The factor of the values in an update, beside their gradients or (AdamW) apart from them; 0 while the group is frozen.</summary>
    public double WeightDecay => IsFrozen ? 0 : weightDecay;

    /// <summary>Whether updates leave its values as they are. Its gradients are then zero.</summary>
    internal bool IsFrozen { get; set; }

    /// <summary>
    /// VirTex's groups (config.py, factories.py): the visual rate for the encoder, the other for the rest; no weight decay for
    /// norms and biases of the embedding and the decoders, decay for everything else, batch norms included.
    /// </summary>
    public static IReadOnlyList<ParameterGroup> ForCaptioning(nn.Module model, double visualRate, double textualRate, double weightDecay) =>
        Group(model, name => OfCaptioning(name, visualRate, textualRate, weightDecay));

    /// <summary>The group of one parameter of such a model.</summary>
    internal static (string Group, double LearningRate, double WeightDecay) OfCaptioning(
        string name, double visualRate, double textualRate, double weightDecay) =>
        name.StartsWith("visual.", StringComparison.Ordinal) ? ("visual", visualRate, weightDecay)
            : Undecayed().IsMatch(name) ? ("textual_undecayed", textualRate, 0)
            : ("textual", textualRate, weightDecay);

    /// <summary>Groups the parameters of a model that require a gradient by what <paramref name="assign"/> says of their names.</summary>
    public static IReadOnlyList<ParameterGroup> Group(
        nn.Module model, Func<string, (string Group, double LearningRate, double WeightDecay)> assign) =>
        [.. model.named_parameters().Where(p => p.parameter.requires_grad).DistinctBy(p => p.parameter.Handle) // shared modules' once
            .GroupBy(p => assign(p.name))
            .Select(g => Flatten(g.Key.Group, [.. g.Select(p => p.parameter)], g.Key.LearningRate, g.Key.WeightDecay))];

    /// <summary>Sets the group's gradients to zero.</summary>
    public void ZeroGradients() => Gradients.zero_();

    /// <summary>Releases values and gradients. The model's parameters keep theirs.</summary>
    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }

    private static ParameterGroup Flatten(string name, IReadOnlyList<Parameter> parameters, double learningRate, double weightDecay)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var values = cat([.. parameters.Select(p => p.detach().reshape(-1))]).DetachFromDisposeScope();
        var gradients = zeros_like(values).DetachFromDisposeScope();
        long offset = 0;
        foreach (var parameter in parameters)
        {
            long count = parameter.numel();
            parameter.set_(values.narrow(0, offset, count).view(parameter.shape));
            parameter.grad = gradients.narrow(0, offset, count).view(parameter.shape);
            offset += count;
        }
        return new(name, values, gradients, learningRate, weightDecay);
    }

    // VirTex's regular expression .*textual.(embedding|transformer).*(norm.*|bias)
    [GeneratedRegex(@"textual\.(embedding|transformer).*(norm.*|bias)")]
    private static partial Regex Undecayed();
}
