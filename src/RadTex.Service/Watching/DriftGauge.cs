using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace RadTex.Service.Watching;

/// <summary>
/// How far the radiographs of late lie from those a model learnt from. The statistic: the mean over the last 200 radiographs of Mahalanobis's
/// distance of features and shape (the gate's own, shrunk covariance), divided by the distance that 399 of 400 training radiographs stay within; and
/// the share of them beyond that distance. A hospital like the training set stands well below 1, its share at a quarter of a per cent.
/// </summary>
internal sealed class DriftGauge
{
    internal const int Window = 200;

    private readonly ConcurrentDictionary<string, Queue<double>> latest = new();

    internal DriftGauge(Meter meter)
    {
        meter.CreateObservableGauge("radtex.drift.distance", () => Measure(w => w.Average()),
            description: "Mean Mahalanobis distance of the last 200 radiographs from the training set, over the distance that 399 of "
                + "400 stay within.");
        meter.CreateObservableGauge("radtex.drift.beyond", () => Measure(w => w.Count(d => d > 1) / (double)w.Count),
            description: "Share of the last 200 radiographs beyond the distance that 399 of 400 training radiographs stay within.");
    }

    /// <param name="model">The model's name.</param>
    /// <param name="relative">Distance over threshold.</param>
    internal void Add(string model, double relative)
    {
        if (!double.IsFinite(relative)) return;
        var window = latest.GetOrAdd(model, _ => new());
        lock (window)
        {
            window.Enqueue(relative);
            if (window.Count > Window) window.Dequeue();
        }
    }

    /// <summary>Begins anew: the name stands for another model, with a training set of its own.</summary>
    internal void Forget(string model) => latest.TryRemove(model, out _);

    private IEnumerable<Measurement<double>> Measure(Func<Queue<double>, double> of)
    {
        foreach (var (model, window) in latest)
            lock (window) yield return new(of(window), new KeyValuePair<string, object?>("model", model));
    }
}
