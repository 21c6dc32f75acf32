using System.Runtime.CompilerServices;
using Podsharp.Core.Errors;
using Podsharp.Core.Events;

namespace Podsharp.Engine.Events;

/// <param name="Since">Null: only what is new.</param>
/// <param name="Until">Null: without end.</param>
public sealed record StreamEventsRequest(DateTimeOffset? Since, DateTimeOffset? Until, EventFilter Filter);

/// <summary>Tells what happened and what happens.</summary>
public sealed class StreamEvents(IEventLog log)
{
    public IAsyncEnumerable<EngineEvent> RunAsync(StreamEventsRequest request, CancellationToken cancellationToken)
    {
        if (request.Since > request.Until)
            throw EngineException.InvalidInput($"`since` time ({request.Since:O}) cannot be after `until` time ({request.Until:O})");
        return FilterAsync(request, cancellationToken);
    }

    private async IAsyncEnumerable<EngineEvent> FilterAsync(
        StreamEventsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var what in log.ReadAsync(request.Since, request.Until, cancellationToken))
        {
            if (request.Filter.Takes(what)) yield return what;
        }
    }
}
