using RadTex.Experiments.Sweeps;

namespace RadTex.Experiments.Reproduction;

/// <summary>What the stages of a reproduction share.</summary>
/// <param name="Configuration">What to run.</param>
/// <param name="Layout">Where everything goes.</param>
/// <param name="Log">Told in lines what is done and found.</param>
/// <param name="Progress">Told how far each stage is.</param>
/// <param name="Cancellation">Stops where the next call can go on.</param>
internal sealed record ReproductionContext(
    ReproductionConfiguration Configuration, ReproductionLayout Layout, Action<string> Log, IProgress<ProgressReport>? Progress,
    CancellationToken Cancellation)
{
    /// <summary>What all sweeps share. Random encoders take the input of the first pretraining.</summary>
    internal SweepOptions SweepOptions()
    {
        var (sweep, compute) = (Configuration.Sweep, Configuration.Compute);
        var network = Configuration.Pretrainings.Values.FirstOrDefault() is { } first
            ? first.Configuration()
            : null;
        return new(
            Layout.Folder, ReproductionReader.Sizes(sweep.Examples), sweep.Trials, Configuration.Seed, sweep.Views,
            new(sweep.Degrees, sweep.Translate, sweep.Interpolation), compute.Downstream,
            network?.Image.Size ?? 256, network?.Model.Channels ?? 1);
    }
}
