using System.Diagnostics;
using TorchSharp;

namespace RadTex.Learning.Training;

/// <summary>The updates between two lines of the log.</summary>
/// <param name="processes">How many train together.</param>
internal sealed class LogWindow(int processes)
{
    private readonly Dictionary<string, double> sums = [];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int steps;
    private long images, tokens;
    private TimeSpan stalled, exchanging;
    private double total;

    internal double TokensPerSecond { get; private set; }

    internal void Add(StepLosses losses)
    {
        steps++;
        images += losses.Images;
        tokens += losses.Tokens;
        total += losses.Total;
        foreach (var (name, value) in losses.Parts.Concat(losses.Figures)) sums[name] = sums.GetValueOrDefault(name) + value;
        if (TokensPerSecond == 0 || clock.Elapsed.TotalSeconds > 1) TokensPerSecond = tokens / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Does something, its time counted as waiting for the loader.</summary>
    internal T Stalled<T>(Func<T> take) => Timed(take, ref stalled);

    /// <summary>Does something, its time counted as exchange with the other processes: waiting for the slowest of them included.</summary>
    internal T Exchanging<T>(Func<T> exchange) => Timed(exchange, ref exchanging);

    /// <summary>Writes the means over the window and starts a new one.</summary>
    internal void Write(TrainingLog? log, long step, long perEpoch, double multiplier, double gradientNorm, double elapsedSeconds)
    {
        double seconds = clock.Elapsed.TotalSeconds;
        TokensPerSecond = tokens / seconds;
        log?.Write("train", step, (double)step / perEpoch, elapsedSeconds,
        [
            ("loss", total / steps),
            .. sums.Select(sum => (sum.Key, sum.Value / steps)),
            ("images_per_second", images / seconds),
            ("tokens_per_second", TokensPerSecond),
            ("loader_stall", stalled.TotalSeconds / seconds),
            .. processes > 1 ? [("exchange", exchanging.TotalSeconds / seconds)] : Array.Empty<(string, double)>(),
            ("multiplier", multiplier),
            ("gradient_norm", gradientNorm),
            ("rss_mib", Environment.WorkingSet / (double)(1 << 20)),
            ("live_tensors", torch.Tensor.TotalCount),
        ]);
        (steps, images, tokens, total) = (0, 0, 0, 0);
        (stalled, exchanging) = (TimeSpan.Zero, TimeSpan.Zero);
        sums.Clear();
        clock.Restart();
    }

    private static T Timed<T>(Func<T> work, ref TimeSpan sum)
    {
        long start = Stopwatch.GetTimestamp();
        var result = work();
        sum += Stopwatch.GetElapsedTime(start);
        return result;
    }
}
