using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Training;

/// <summary>Updates the parameters from their gradients. All state is in named tensors, so that a checkpoint can hold it whole.</summary>
/// <param name="groups">What is updated; disposed of with the optimiser.</param>
/// <remarks>
/// Numbers go to torch as <see cref="Scalar"/>s that are kept and disposed of here. One made on the way may be collected while torch
/// still reads it: with two trainings side by side an integer addition was once refused because its factor had become a fraction.
/// </remarks>
public abstract class Optimizer(IReadOnlyList<ParameterGroup> groups) : IDisposable
{
    /// <summary>What is updated.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; } = groups;

    /// <summary>The tensors to save and restore, by a name that does not change between versions.</summary>
    public abstract IEnumerable<(string Name, Tensor Tensor)> State { get; }

    /// <summary>One update; <paramref name="multiplier"/> scales every group's learning rate.</summary>
    public void Step(double multiplier)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Update(multiplier);
    }

    /// <summary>Sets the gradients of all groups to zero: a backward pass adds to what is there.</summary>
    public void ZeroGradients()
    {
        using var _ = no_grad();
        foreach (var group in Groups) group.ZeroGradients();
    }

    /// <summary>Scales all gradients so that their joint norm is at most <paramref name="maxNorm"/>; returns the norm before.</summary>
    /// <remarks>The 1e-6 is torch's clip_grad_norm_.</remarks>
    public double ClipGradients(double maxNorm)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        double norm = Math.Sqrt(Groups.Sum(group => Math.Pow(group.Gradients.norm().to(ScalarType.Float64).item<double>(), 2)));
        double scale = maxNorm / (norm + 1e-6);
        using Scalar factor = scale;
        if (scale < 1)
            foreach (var group in Groups) group.Gradients.mul_(factor);
        return norm;
    }

    /// <summary>Releases the tensors of state and groups. The model's parameters keep their values.</summary>
    public virtual void Dispose()
    {
        foreach (var (_, state) in State) state.Dispose();
        foreach (var group in Groups) group.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What a subclass does to the groups' values, without graph and within a dispose scope.</summary>
    /// <param name="multiplier">The schedule's: it scales every group's learning rate.</param>
    protected abstract void Update(double multiplier);

    /// <summary>
    /// An update's operations on one stretch of a group's values after another, short enough that each operation finds in the processor's cache what
    /// the one before left: from memory, every value is then read and written once rather than once an operation. The same bits.
    /// </summary>
    /// <param name="group">Whose values are updated.</param>
    /// <param name="update">Gets what cuts the stretch out of a tensor as long as the group.</param>
    private protected static void InStretches(ParameterGroup group, Action<Func<Tensor, Tensor>> update)
    {
        long count = group.Values.shape[0], stretch = group.Values.device_type == DeviceType.CPU ? StretchLength : count;
        for (long start = 0; start < count; start += stretch)
        {
            using var scope = NewDisposeScope();
            long first = start, length = Math.Min(stretch, count - start);
            update(whole => whole.narrow(0, first, length));
        }
    }

    private const int StretchLength = 1 << 20; // 4 MB of each tensor
}
