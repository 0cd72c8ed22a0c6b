using System.Diagnostics;

namespace RadTex.Experiments;

/// <summary>Runs the stages of an experiment one after the other and keeps how long each took.</summary>
/// <param name="finished">Called after each; null for nothing.</param>
internal sealed class StageClock(Action<StageTime>? finished = null)
{
    private readonly List<StageTime> times = [];

    /// <summary>Of the stages that are done, in order.</summary>
    internal IReadOnlyList<StageTime> Times => times;

    /// <summary>Runs a stage.</summary>
    internal T Run<T>(string stage, Func<T> work)
    {
        var clock = Stopwatch.StartNew();
        var result = work();
        times.Add(new(stage, Math.Round(clock.Elapsed.TotalSeconds, 1)));
        finished?.Invoke(times[^1]);
        return result;
    }

    /// <inheritdoc cref="Run{T}"/>
    internal void Run(string stage, Action work) => Run(stage, () =>
    {
        work();
        return true;
    });
}
