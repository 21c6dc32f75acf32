using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Podsharp.Core.Events;

namespace Podsharp.Testing;

/// <summary>Keeps every event, and tells readers of new ones.</summary>
public sealed class FakeEventLog(TimeProvider? clock = null) : IEventLog
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly List<EngineEvent> _events = [];
    private readonly List<Channel<EngineEvent>> _readers = [];

    public IReadOnlyList<EngineEvent> Events
    {
        get { lock (_lock) return [.. _events]; }
    }

    /// <summary>Subject and action of each event, as "image tag".</summary>
    public IReadOnlyList<string> Actions =>
        [.. Events.Select(engineEvent => $"{engineEvent.Subject.ToString().ToLowerInvariant()} {engineEvent.Action}")];

    public void Publish(EngineEvent engineEvent)
    {
        lock (_lock)
        {
            _events.Add(engineEvent);
            foreach (var reader in _readers) reader.Writer.TryWrite(engineEvent);
        }
    }

    public async IAsyncEnumerable<EngineEvent> ReadAsync(
        DateTimeOffset? since, DateTimeOffset? until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = Channel.CreateUnbounded<EngineEvent>();
        lock (_lock)
        {
            foreach (var past in _events.Where(past => since <= past.Time && !(until < past.Time))) reader.Writer.TryWrite(past);
            if (until <= _clock.GetUtcNow()) reader.Writer.Complete();
            else _readers.Add(reader);
        }

        using var timer = until > _clock.GetUtcNow()
            ? _clock.CreateTimer(_ => reader.Writer.TryComplete(), null, until.Value - _clock.GetUtcNow(), Timeout.InfiniteTimeSpan)
            : null;
        try
        {
            await foreach (var engineEvent in reader.Reader.ReadAllAsync(cancellationToken)) yield return engineEvent;
        }
        finally
        {
            lock (_lock) _readers.Remove(reader);
        }
    }
}
