using System.Diagnostics;

namespace RadTex.Experiments;

/// <summary>Runs the stages of an experiment, one after the other or side by side, and keeps how long each took.</summary>
/// <param name="finished">Called after each; null for nothing.</param>
internal sealed class StageClock(Action<StageTime>? finished = null)
{
    private readonly Lock gate = new();
    private readonly List<StageTime> times = [];
    private readonly Stopwatch whole = Stopwatch.StartNew();

    /// <summary>Of the stages that are done, in the order they ended.</summary>
    internal IReadOnlyList<StageTime> Times
    {
        get { lock (gate) return [.. times]; }
    }

    /// <summary>Since this was made. Stages that ran side by side add up to more.</summary>
    internal double ElapsedSeconds => Rounded(whole);

    /// <summary>Runs a stage.</summary>
    internal T Run<T>(string stage, Func<T> work)
    {
        var clock = Stopwatch.StartNew();
        var result = work();
        var time = new StageTime(stage, Rounded(clock));
        lock (gate) times.Add(time);
        finished?.Invoke(time);
        return result;
    }

    /// <inheritdoc cref="Run{T}"/>
    internal void Run(string stage, Action work) => Run(stage, () =>
    {
        work();
        return true;
    });

    private static double Rounded(Stopwatch clock) => Math.Round(clock.Elapsed.TotalSeconds, 1);
}
