using System.Text;
using Microsoft.Extensions.Logging;
using Podsharp.Core.Errors;

namespace Podsharp.Service.Logging;

/// <summary>
/// Log lines on stderr, one write each; under systemd with the priority prefix that the journal reads (sd-daemon(3)).
/// </summary>
internal sealed class ErrorStreamLogs(LogLevel minimum) : ILoggerProvider
{
    private readonly Stream _stream = Console.OpenStandardError();
    private readonly bool _journal = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null;

    public ILogger CreateLogger(string categoryName) =>
        // Kestrel tells of clients that went away and the like at Information; nobody but its developers wants that.
        new Logger(this, categoryName, categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) && minimum == LogLevel.Information ? LogLevel.Warning : minimum);

    public void Dispose()
    {
    }

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        var text = new StringBuilder();
        if (_journal) text.Append('<').Append(Priority(level)).Append('>');
        else text.Append(DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ ")).Append(level.ToString().ToLowerInvariant()).Append(' ');
        text.Append(category.AsSpan(category.LastIndexOf('.') + 1)).Append(": ").Append(message);
        if (exception is not null) text.Append(": ").Append(Describe(exception));
        // One record is one line.
        text.Replace("\n", _journal ? " | " : "\n    ").Append('\n');
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
        }
        catch (IOException)
        {
            // stderr is gone; there is no other place to say so.
        }
    }

    // A failure that the engine has put into words was expected: where it was thrown helps nobody.
    internal string Describe(Exception exception)
    {
        if (minimum <= LogLevel.Debug) return exception.ToString();
        var message = exception.InnerException is { } cause && !exception.Message.Contains(cause.Message, StringComparison.Ordinal)
            ? $"{exception.Message} ({cause.Message})"
            : exception.Message;
        return exception is EngineException ? message : $"{exception.GetType().Name}: {message} {exception.StackTrace}";
    }

    private static int Priority(LogLevel level) => level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };

    private sealed class Logger(ErrorStreamLogs logs, string category, LogLevel minimum) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) logs.Write(logLevel, category, formatter(state, exception), exception);
        }
    }
}

/// <summary>The logger factory without the framework's filters and options, which cost milliseconds at start.</summary>
internal sealed class ErrorStreamLoggerFactory(ILoggerProvider provider) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => provider.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose() => provider.Dispose();
}
