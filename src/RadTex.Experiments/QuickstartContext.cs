using RadTex.Learning.Native;
using RadTex.Learning.Pretraining;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments;

/// <summary>What the stages of a quickstart share.</summary>
/// <param name="Settings">What to run.</param>
/// <param name="Layout">Where everything goes.</param>
/// <param name="Log">Told in lines what is done and found.</param>
/// <param name="Progress">Told how far the stages are.</param>
/// <param name="Processors">Each stage that computes on one thread holds one.</param>
/// <param name="Cancellation">Stops where the next call can go on.</param>
internal sealed record QuickstartContext(
    QuickstartSettings Settings, QuickstartLayout Layout, Action<string> Log, QuickstartProgress Progress, SharedProcessors Processors,
    CancellationToken Cancellation)
{
    /// <summary>The stages so far.</summary>
    internal StageClock Stages { get; } = new();

    /// <summary>Of both pretrainings: only what is learnt differs.</summary>
    internal PretrainingConfiguration Configuration { get; } = ConfigurationOf(Settings);

    /// <summary>Runs a stage that computes on one thread.</summary>
    /// <param name="stage">What is done, in words.</param>
    /// <param name="work">Does it; told where its progress goes.</param>
    internal T Run<T>(string stage, Func<IProgress<ProgressReport>, T> work) => RunUnheld(stage, progress =>
    {
        using var held = Processors.Take(Cancellation);
        return work(progress);
    });

    /// <summary>Runs a stage that shares processors out itself, or comes before those that do.</summary>
    internal T RunUnheld<T>(string stage, Func<IProgress<ProgressReport>, T> work)
    {
        using var progress = Progress.Begin();
        return Stages.Run(stage, () => work(progress));
    }

    /// <summary>Runs two rows of stages side by side; a fault of one ends the other, and is thrown.</summary>
    internal void RunBoth(Action<QuickstartContext> first, Action<QuickstartContext> second) => WorkerThreads.Run(
        [first, second], 2, (row, stop) => row(this with { Cancellation = stop }), Cancellation);

    private static PretrainingConfiguration ConfigurationOf(QuickstartSettings settings)
    {
        var preset = PretrainingConfiguration.OfPreset("phantom");
        return preset with { Training = preset.Training with { Seed = settings.Seed, MaxSteps = settings.PretrainingSteps } };
    }
}
