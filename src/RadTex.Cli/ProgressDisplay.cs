using System.Diagnostics;
using Spectre.Console;

namespace RadTex.Cli;

/// <summary>
/// Shows the progress of a long job: a live line on a terminal, else a plain line every few seconds, so that logs stay readable.
/// It writes to standard error: standard output is for results. A stage ends with what it last reported.
/// </summary>
internal sealed class ProgressDisplay : IProgress<ProgressReport>, IDisposable
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(100), LogInterval = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly bool isTerminal = !Console.IsErrorRedirected && AnsiConsole.Profile.Capabilities.Ansi;
    private Stopwatch stageClock = Stopwatch.StartNew();
    private TimeSpan lastShown = TimeSpan.MinValue;
    private ProgressReport latest;
    private long stageStart;
    private bool isShown = true; // the latest report

    public void Report(ProgressReport value)
    {
        lock (gate)
        {
            bool wasLast = latest.Total > 0 && latest.Done >= latest.Total;
            if (wasLast && (value.Stage, value.Done, value.Total) == (latest.Stage, latest.Done, latest.Total)) return; // told already
            if (value.Stage != latest.Stage || wasLast)
            {
                CloseLine();
                stageClock = Stopwatch.StartNew();
                stageStart = value.Done; // a resumed job does not count what was there before towards its rate
                lastShown = TimeSpan.MinValue;
            }
            latest = value;
            isShown = false;
            var interval = isTerminal ? TerminalInterval : LogInterval;
            bool isLast = value.Total > 0 && value.Done >= value.Total;
            if (lastShown != TimeSpan.MinValue && stageClock.Elapsed - lastShown < interval && !isLast) return;
            lastShown = stageClock.Elapsed;
            Show();
            if (isLast) CloseLine();
        }
    }

    public void Dispose()
    {
        lock (gate) CloseLine();
    }

    private void Show()
    {
        isShown = true;
        var report = latest;
        double seconds = stageClock.Elapsed.TotalSeconds;
        double perSecond = seconds > 0.2 ? (report.Done - stageStart) / seconds : 0;
        var text = $"{report.Stage,-12} ";
        if (report.Total > 0)
        {
            int filled = (int)(20.0 * Math.Min(report.Done, report.Total) / report.Total);
            text += $"[{new string('#', filled)}{new string('.', 20 - filled)}] {report.Done:N0}/{report.Total:N0} {report.Unit}";
        }
        else text += $"{report.Done:N0} {report.Unit}";
        if (perSecond > 0) text += $"  {(perSecond >= 10 ? perSecond.ToString("N0") : perSecond.ToString("N1"))}/s";
        if (perSecond > 0 && report.Total > report.Done)
            text += $"  {TimeSpan.FromSeconds((report.Total - report.Done) / perSecond):h\\:mm\\:ss} left";
        var detail = report.Detail is null ? null : PrintableText.Of(report.Detail);
        if (isTerminal) LiveLine.Show(Fitted(text, detail, Math.Max(20, TerminalColour.Width - 1)));
        else Console.Error.WriteLine(detail is null ? text : $"{text}  {detail}");
    }

    /// <summary>The line with as many of the detail's parts as there is room for; the parts are set off by commas.</summary>
    internal static string Fitted(string text, string? detail, int width)
    {
        if (text.Length > width) return text[..width];
        string[] parts = detail?.Split(", ") ?? [];
        for (int count = parts.Length; count > 0; count--)
            if ($"{text}  {string.Join(", ", parts.Take(count))}" is var whole && whole.Length <= width) return whole;
        return text;
    }

    private void CloseLine()
    {
        if (!isShown) Show();
        LiveLine.Close();
    }
}
