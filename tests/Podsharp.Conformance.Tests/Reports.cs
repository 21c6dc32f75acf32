using System.Collections.Concurrent;

namespace Podsharp.Conformance.Tests;

/// <summary>What a call reports on its way, in its order: the framework's own Progress reports on other threads and later.</summary>
internal sealed class Reports<T> : IProgress<T>
{
    private readonly ConcurrentQueue<T> _values = new();

    public IReadOnlyList<T> Values => [.. _values];

    public void Report(T value) => _values.Enqueue(value);

    /// <summary>Waits for a report that is wanted, then ends the call and waits for its end.</summary>
    /// <param name="call">A call that goes on for ever.</param>
    public static async Task<IReadOnlyList<T>> UntilAsync(Func<IProgress<T>, CancellationToken, Task> call, Func<IReadOnlyList<T>, bool> enough)
    {
        var reports = new Reports<T>();
        using var stop = new CancellationTokenSource();
        var running = call(reports, stop.Token);
        var seen = await Eventually.SettleAsync(() => reports.Values, values => enough(values) || running.IsCompleted, seconds: 30);
        await stop.CancelAsync();
        try
        {
            await running;
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // Each SDK has its own way to end a stream.
        }

        return seen;
    }
}
