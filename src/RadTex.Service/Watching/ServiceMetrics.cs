using System.Diagnostics;
using System.Diagnostics.Metrics;
using RadTex.Service.Spool;

namespace RadTex.Service.Watching;

/// <summary>What can be watched: counters, histograms and gauges of the meter and the traces of the source <see cref="Name"/>. Tags are names of
/// doors, rules, models, findings and destinations; nothing that was received is one.</summary>
internal sealed class ServiceMetrics : IDisposable
{
    internal const string Name = "RadTex.Service";

    /// <summary>Upper bounds in seconds of the histograms of time, and of a probability.</summary>
    internal static readonly double[] SecondBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    internal static readonly double[] ScoreBounds = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1];

    private readonly Meter meter = new(Name);
    private readonly Counter<long> received, refused, judged, notJudged, retries, sent, denied, ignored, compared;
    private readonly Histogram<double> stage, score;

    internal ServiceMetrics()
    {
        received = meter.CreateCounter<long>("radtex.received", description: "Instances and pictures accepted, by door.");
        refused = meter.CreateCounter<long>("radtex.refused", description: "Instances and pictures refused, by door and reason.");
        ignored = meter.CreateCounter<long>("radtex.ignored", description: "Instances of a feed that are not for RadTex, by reason.");
        judged = meter.CreateCounter<long>("radtex.judged", description: "Radiographs judged, by model.");
        notJudged = meter.CreateCounter<long>("radtex.not_judged", description: "Radiographs not judged, by model and rule.");
        sent = meter.CreateCounter<long>("radtex.sent", description: "Results accepted by a destination.");
        retries = meter.CreateCounter<long>("radtex.retries", description: "Deliveries that failed and are tried again, by destination.");
        denied = meter.CreateCounter<long>("radtex.denied", description: "Requests without a valid key, or over a limit, by status.");
        compared = meter.CreateCounter<long>(
            "radtex.shadow.compared", description: "Decisions of a second model beside the first one's, by agreement.");
        stage = meter.CreateHistogram<double>(StageName, "s", "Seconds a stage takes: reading, model, storing, sending, whole.");
        score = meter.CreateHistogram<double>(ScoreName, description: "Probabilities told, by finding.");
        Drift = new(meter);
    }

    internal const string StageName = "radtex.stage", ScoreName = "radtex.score";

    internal static ActivitySource Traces { get; } = new(Name);

    internal DriftGauge Drift { get; }

    internal void Received(string door) => received.Add(1, new KeyValuePair<string, object?>("door", door));

    internal void Refused(string door, string reason) => refused.Add(1, new("door", door), new("reason", reason));

    internal void Ignored(string reason) => ignored.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void Judged(string model) => judged.Add(1, new KeyValuePair<string, object?>("model", model));

    internal void NotJudged(string model, string rule) => notJudged.Add(1, new("model", model), new("rule", rule));

    internal void Sent(string destination) => sent.Add(1, new KeyValuePair<string, object?>("destination", destination));

    internal void Retried(string destination) => retries.Add(1, new KeyValuePair<string, object?>("destination", destination));

    internal void Denied(int status) => denied.Add(1, new KeyValuePair<string, object?>("status", status));

    internal void Compared(string finding, bool agree) => compared.Add(1, new("finding", finding), new("agree", agree));

    internal void Took(string name, TimeSpan time) => stage.Record(time.TotalSeconds, new KeyValuePair<string, object?>("stage", name));

    internal void Scored(string finding, double probability) => score.Record(probability, new KeyValuePair<string, object?>("finding", finding));

    /// <summary>Watches the queue itself.</summary>
    internal void Watch(InstanceQueue queue, TimeProvider clock)
    {
        meter.CreateObservableGauge("radtex.queue.depth", () => Enum.GetValues<InstanceState>().Where(s => s != InstanceState.Sent).Select(
            state => new Measurement<long>(queue.Count(state), new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant()))),
            description: "Instances that are not done, by state.");
        meter.CreateObservableGauge("radtex.queue.age", () => queue.Oldest() is { } oldest ? (clock.GetUtcNow() - oldest).TotalSeconds : 0, "s",
            "Seconds since the oldest instance that is not done was received.");
    }

    public void Dispose() => meter.Dispose();
}
