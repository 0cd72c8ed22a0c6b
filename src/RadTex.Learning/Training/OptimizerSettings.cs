using System.ComponentModel.DataAnnotations;

namespace RadTex.Learning.Training;

/// <summary>Section <c>optimizer</c> of a configuration. The defaults are the paper's, which are VirTex's.</summary>
/// <param name="Name">Which optimiser.</param>
/// <param name="VisualRate">Highest learning rate of the image encoder.</param>
/// <param name="TextualRate">Highest learning rate of everything else.</param>
/// <param name="Momentum">Of "sgd".</param>
/// <param name="WeightDecay">For the parameters that decay at all (<see cref="ParameterGroup.ForCaptioning"/>).</param>
/// <param name="LookaheadSteps">Lookahead's k; 0 for no Lookahead.</param>
/// <param name="LookaheadAlpha">Lookahead's α.</param>
/// <param name="ClipNorm">The largest joint gradient norm; 0 for no clipping.</param>
/// <param name="WarmupFraction">Part of all updates with a linearly growing rate.</param>
public sealed record OptimizerSettings(
    OptimizerKind Name = OptimizerKind.Sgd, [property: Range(0.0, 1000)] double VisualRate = 0.2,
    [property: Range(0.0, 1000)] double TextualRate = 0.001,
    [property: Range(0.0, 1, MaximumIsExclusive = true)] double Momentum = 0.9,
    [property: Range(0.0, 1, MaximumIsExclusive = true)] double WeightDecay = 1e-4, [property: Range(0, int.MaxValue)] int LookaheadSteps = 5,
    [property: Range(0.0, 1)] double LookaheadAlpha = 0.5, [property: Range(0.0, double.MaxValue)] double ClipNorm = 10,
    [property: Range(0.0, 1, MaximumIsExclusive = true)] double WarmupFraction = 0.05)
{
    /// <summary>The optimiser these settings describe.</summary>
    public Optimizer Create(IReadOnlyList<ParameterGroup> groups)
    {
        Optimizer inner = Name == OptimizerKind.AdamW ? new AdamW(groups) : new Sgd(groups, Momentum);
        return LookaheadSteps > 0 ? new Lookahead(inner, LookaheadSteps, LookaheadAlpha) : inner;
    }

    /// <summary>The learning-rate multiplier over a run of that many updates.</summary>
    public WarmupCosine Schedule(long totalSteps) => new((long)Math.Round(WarmupFraction * totalSteps), totalSteps);
}
