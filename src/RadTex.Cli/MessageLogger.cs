using Microsoft.Extensions.Logging;

namespace RadTex.Cli;

/// <summary>Prints what the library tells, a line each, in the words of this front end.</summary>
internal sealed class MessageLogger : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) Console.WriteLine(SettingWords.InFlags(formatter(state, exception)));
    }
}
