using Microsoft.Extensions.Logging;

namespace RadTex.Tests;

/// <summary>What was logged, a line each.</summary>
internal sealed class LoggedLines : ILogger
{
    internal List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add(formatter(state, exception));
}
