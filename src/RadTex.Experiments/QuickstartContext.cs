using RadTex.Learning.Pretraining;

namespace RadTex.Experiments;

/// <summary>What the stages of a quickstart share.</summary>
/// <param name="Settings">What to run.</param>
/// <param name="Layout">Where everything goes.</param>
/// <param name="Log">Told in lines what is done and found.</param>
/// <param name="Progress">Told how far each stage is.</param>
/// <param name="Cancellation">Stops where the next call can go on.</param>
internal sealed record QuickstartContext(
    QuickstartSettings Settings, QuickstartLayout Layout, Action<string> Log, IProgress<ProgressReport>? Progress, CancellationToken Cancellation)
{
    private const int StageCount = 12;

    /// <summary>The stages so far.</summary>
    internal StageClock Stages { get; } = new();

    /// <summary>Of both pretrainings: only what is learnt differs.</summary>
    internal PretrainingConfiguration Configuration { get; } = ConfigurationOf(Settings);

    /// <summary>Runs a stage, which is given progress that says which of how many it is.</summary>
    internal T Run<T>(string stage, Func<IProgress<ProgressReport>, T> work) =>
        Stages.Run(stage, () => work(new StageProgress(Progress, $"{Stages.Times.Count + 1}/{StageCount} ")));

    private static PretrainingConfiguration ConfigurationOf(QuickstartSettings settings)
    {
        var preset = PretrainingConfiguration.OfPreset("phantom");
        return preset with { Training = preset.Training with { Seed = settings.Seed, MaxSteps = settings.PretrainingSteps } };
    }

    private sealed class StageProgress(IProgress<ProgressReport>? inner, string prefix) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => inner?.Report(value with { Stage = prefix + value.Stage });
    }
}
