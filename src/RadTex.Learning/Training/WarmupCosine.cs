namespace RadTex.Learning.Training;

/// <summary>
/// The learning-rate multiplier: linear from 0 over the warm-up, then cos² to 0 (VirTex, lr_schedule). The step counts from 0,
/// so the very first update has rate 0 and moves nothing but momentum.
/// </summary>
/// <param name="WarmupSteps">W, updates of linear growth; the paper: 5% of all.</param>
/// <param name="TotalSteps">T, updates in all.</param>
public readonly record struct WarmupCosine(long WarmupSteps, long TotalSteps)
{
    /// <summary>s / W below W, else cos²(π/2 · (s - W) / (T - W)).</summary>
    public double Multiplier(long step)
    {
        if (step < WarmupSteps) return (double)step / WarmupSteps;
        if (TotalSteps <= WarmupSteps) return 1;
        double cosine = Math.Cos(Math.PI / 2 * (step - WarmupSteps) / (TotalSteps - WarmupSteps));
        return cosine * cosine;
    }
}
