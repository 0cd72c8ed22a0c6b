using System.Globalization;

namespace RadTex.Experiments;

/// <summary>
/// The progress of stages that run side by side as that of one: of those that run, the one that began first is shown, and how far the others are
/// stands beside it.
/// </summary>
/// <param name="inner">Where it is shown; null for nowhere.</param>
/// <param name="stages">How many there will be.</param>
internal sealed class QuickstartProgress(IProgress<ProgressReport>? inner, int stages)
{
    private readonly Lock gate = new();
    private readonly List<Stage> running = [];
    private int begun;

    /// <summary>A stage that begins; it ends when what is returned is disposed of.</summary>
    internal Stage Begin()
    {
        lock (gate)
        {
            var stage = new Stage(this, ++begun);
            running.Add(stage);
            return stage;
        }
    }

    private void Report(Stage stage, ProgressReport value)
    {
        lock (gate)
        {
            stage.Latest = value with { Stage = $"{stage.Number}/{stages} {value.Stage}" };
            if (running[0] != stage) return;
            var beside = running.Skip(1).Select(s => s.Latest).OfType<ProgressReport>().Where(r => r.Total > 0).Select(r =>
                string.Create(CultureInfo.InvariantCulture, $"beside it {r.Stage} {(double)r.Done / r.Total:P0}"));
            string[] details = [.. beside, .. value.Detail is { } own ? new[] { own } : []];
            inner?.Report(stage.Latest.Value with { Detail = details.Length == 0 ? null : string.Join(", ", details) });
        }
    }

    private void End(Stage stage)
    {
        lock (gate) running.Remove(stage);
    }

    /// <summary>The progress of one stage.</summary>
    internal sealed class Stage(QuickstartProgress of, int number) : IProgress<ProgressReport>, IDisposable
    {
        /// <summary>From 1, in the order of beginning.</summary>
        internal int Number => number;

        /// <summary>What it last reported.</summary>
        internal ProgressReport? Latest { get; set; }

        public void Report(ProgressReport value) => of.Report(this, value);

        public void Dispose() => of.End(this);
    }
}
