using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace RadTex.Service.Watching;

/// <summary>
/// One JSON object a line. The service's own lines are whole: their texts are fixed words, numbers, hashes and unique identifiers. Of others, and of
/// every exception, only what kind it is: their messages may quote what a request, a header or a path said.
/// </summary>
internal sealed class JsonLogProvider(TextWriter output, TimeProvider clock) : ILoggerProvider
{
    private readonly Lock gate = new();

    private DateTimeOffset Now => clock.GetUtcNow();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    private void Write(object line)
    {
        var text = JsonSerializer.Serialize(line, JsonFormat.Line);
        lock (gate)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }

    private sealed class Logger(JsonLogProvider provider, string category) : ILogger
    {
        private readonly bool isOwn = category.StartsWith(ServiceMetrics.Name, StringComparison.Ordinal);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= (isOwn ? LogLevel.Information : LogLevel.Warning) && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            provider.Write(new
            {
                Time = provider.Now,
                Level = logLevel.ToString(),
                Category = category,
                Event = eventId.Id,
                Message = isOwn ? formatter(state, null) : null,
                Fault = exception?.GetType().Name,
            });
        }
    }
}
