namespace Podsharp.Core.Events;

public enum EventSubject
{
    Container,
    Image,
    Network,
    Volume,
    Pod,
    Daemon,
    Secret,
    Builder,
}

/// <summary>Something that happened.</summary>
/// <param name="Time">To the nanosecond where the clock can.</param>
/// <param name="Action">create, start, die, destroy … (reference/wire-types.md B4, Message.Action).</param>
/// <param name="Id">Of the subject: container id, image id or name, network id, volume name.</param>
/// <param name="Attributes">name, image, exitCode, labels … ; never secrets.</param>
public sealed record EngineEvent(
    DateTimeOffset Time,
    EventSubject Subject,
    string Action,
    string Id,
    IReadOnlyDictionary<string, string> Attributes);

/// <summary>Events in order, kept over restarts of the service within a bound.</summary>
public interface IEventLog
{
    /// <summary>Never blocks and never fails the caller: an event that cannot be written is logged.</summary>
    void Publish(EngineEvent engineEvent);

    /// <summary>
    /// Past events from <paramref name="since"/> (null: none) and then, unless <paramref name="until"/> is past, new ones as they come;
    /// ends at <paramref name="until"/>. No event is lost or doubled where past meets present. A reader that does not keep up for long is ended.
    /// </summary>
    IAsyncEnumerable<EngineEvent> ReadAsync(DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellationToken);
}
