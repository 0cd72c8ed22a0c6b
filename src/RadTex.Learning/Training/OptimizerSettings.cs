namespace RadTex.Learning.Training;

/// <summary>Section <c>optimizer</c> of a configuration. The defaults are the paper's, which are VirTex's.</summary>
/// <param name="Name">"sgd" or "adamw".</param>
/// <param name="VisualRate">Highest learning rate of the image encoder.</param>
/// <param name="TextualRate">Highest learning rate of everything else.</param>
/// <param name="Momentum">Of "sgd".</param>
/// <param name="WeightDecay">For the parameters that decay at all (<see cref="ParameterGroup.ForCaptioning"/>).</param>
/// <param name="LookaheadSteps">Lookahead's k; 0 for no Lookahead.</param>
/// <param name="LookaheadAlpha">Lookahead's α.</param>
/// <param name="ClipNorm">The largest joint gradient norm; 0 for no clipping.</param>
/// <param name="WarmupFraction">Part of all updates with a linearly growing rate.</param>
public sealed record OptimizerSettings(
    string Name = "sgd", double VisualRate = 0.2, double TextualRate = 0.001, double Momentum = 0.9, double WeightDecay = 1e-4,
    int LookaheadSteps = 5,
    double LookaheadAlpha = 0.5, double ClipNorm = 10, double WarmupFraction = 0.05)
{
    /// <summary>The optimiser these settings describe.</summary>
    public Optimizer Create(IReadOnlyList<ParameterGroup> groups)
    {
        Optimizer inner = Name == "adamw" ? new AdamW(groups) : new Sgd(groups, Momentum);
        return LookaheadSteps > 0 ? new Lookahead(inner, LookaheadSteps, LookaheadAlpha) : inner;
    }

    /// <summary>The learning-rate multiplier over a run of that many updates.</summary>
    public WarmupCosine Schedule(long totalSteps) => new((long)Math.Round(WarmupFraction * totalSteps), totalSteps);
}
