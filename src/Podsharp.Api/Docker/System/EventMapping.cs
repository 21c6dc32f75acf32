using Podsharp.Api.Http;
using Podsharp.Api.Queries;
using Podsharp.Core.Events;
using Podsharp.Core.Queries;
using Podsharp.Engine.Events;
using Podsharp.Wire.Docker.System;

namespace Podsharp.Api.Docker.System;

/// <summary>Events and their filters in Docker's words.</summary>
internal static class EventMapping
{
    private static readonly (string Key, EventSubject Subject)[] Named =
    [
        ("container", EventSubject.Container), ("network", EventSubject.Network), ("volume", EventSubject.Volume),
        ("daemon", EventSubject.Daemon), ("secret", EventSubject.Secret), ("pod", EventSubject.Pod),
    ];

    public static StreamEventsRequest ToRequest(QueryReader query) => new(
        query.Time("since"),
        query.Time("until"),
        ToFilter(query.Filters(
            "config", "container", "daemon", "event", "image", "label", "network", "node", "plugin", "pod", "scope", "secret", "service", "type", "volume")));

    public static EventMessage ToMessage(EngineEvent what, ApiVersion version)
    {
        var nanoseconds = (what.Time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;
        var old = !version.AtLeast(1, 52) && what.Subject is EventSubject.Container or EventSubject.Image;
        return new EventMessage
        {
            Status = old ? what.Action : null,
            Id = old && what.Id.Length > 0 ? what.Id : null,
            From = old ? what.Attributes.GetValueOrDefault("image") : null,
            Type = what.Subject.ToString().ToLowerInvariant(),
            Action = what.Action,
            Actor = new EventActor(what.Id, what.Attributes),
            Time = what.Time.ToUnixTimeSeconds(),
            TimeNano = nanoseconds,
        };
    }

    private static EventFilter ToFilter(Filters filters) => new()
    {
        Subjects = Subjects(filters),
        Actions = filters["event"],
        Names = Named.Where(name => filters.Has(name.Key)).ToDictionary(name => name.Subject, name => filters[name.Key]),
        Images = filters["image"],
        Labels = filters["label"],
    };

    // Null takes all; scopes other than ours and subjects that this engine has not (nodes, services …) take none.
    private static List<EventSubject>? Subjects(Filters filters)
    {
        if (filters.Has("scope") && !filters["scope"].Contains("local")) return [];
        if (filters.Has("node") || filters.Has("service") || filters.Has("config") || filters.Has("plugin")) return [];
        if (!filters.Has("type")) return null;
        return [.. filters["type"].Where(type => Enum.TryParse<EventSubject>(type, ignoreCase: true, out _)).Select(type => Enum.Parse<EventSubject>(type, ignoreCase: true))];
    }
}
