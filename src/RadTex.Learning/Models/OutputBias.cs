using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>The output layer's own part: its bias [V], which starts as torch leaves a linear layer's.</summary>
public sealed class OutputBias : nn.Module
{
    private readonly Parameter bias;

    /// <summary>A bias [V] float32, uniform in ±1/sqrt(D).</summary>
    /// <param name="configuration">V and D.</param>
    /// <param name="generator">The values are drawn from it; null: from torch's own, which is the process's.</param>
    public OutputBias(ModelConfiguration configuration, Generator? generator = null) : base(nameof(OutputBias))
    {
        bias = nn.Parameter(InitialValues.UniformBias(configuration.Hidden, configuration.VocabularySize, generator));
        RegisterComponents();
    }

    internal Parameter Bias => bias;
}
