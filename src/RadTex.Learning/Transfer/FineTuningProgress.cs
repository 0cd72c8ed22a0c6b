namespace RadTex.Learning.Transfer;

/// <summary>Radiographs trained on over all networks, those of finished ones included. Safe to use from several threads.</summary>
internal sealed class FineTuningProgress
{
    private readonly Lock gate = new();
    private readonly IProgress<ProgressReport>? progress;
    private readonly double total;
    private double passes;

    /// <param name="progress">Told at once that nothing is done.</param>
    /// <param name="total">Radiographs that all networks are trained on.</param>
    internal FineTuningProgress(IProgress<ProgressReport>? progress, double total)
    {
        (this.progress, this.total) = (progress, total);
        Add(0);
    }

    /// <summary>Counts more radiographs.</summary>
    /// <param name="more">How many.</param>
    /// <param name="detail">The network that is trained; null for one that was done before.</param>
    internal void Add(double more, string? detail = null)
    {
        lock (gate) progress?.Report(new("fine-tuning", (long)(passes += more), (long)total, "radiographs", detail));
    }
}
