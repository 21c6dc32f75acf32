using Podsharp.Api.Http;
using Podsharp.Engine.Events;
using Podsharp.Engine.System;
using Podsharp.Wire.Libpod.System;

namespace Podsharp.Api.Libpod.System;

internal static class SystemRoutes
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/_ping", Docker.System.SystemRoutes.PingAsync);
        routes.Get<GetVersion>("/version", Docker.System.SystemRoutes.VersionAsync);
        routes.Get<GetInfo>("/info", InfoAsync);
        routes.Get<StreamEvents>("/events", EventsAsync);
    }

    private static async Task InfoAsync(ApiRequest request, GetInfo getInfo)
    {
        var info = await getInfo.RunAsync(request.Aborted);
        await request.ReplyJsonAsync(InfoMapping.ToReport(info), LibpodSystemJson.Default.InfoReport);
    }

    private static async Task EventsAsync(ApiRequest request, StreamEvents streamEvents)
    {
        var asked = Docker.System.EventMapping.ToRequest(request.Query);
        var until = request.Query.Bool("stream", absent: true) ? asked.Until : asked.Until ?? TimeProvider.System.GetUtcNow();
        // What podman's client means by no since is: from the beginning, unless it streams.
        var since = asked.Since ?? (request.Query.Bool("stream", absent: true) ? null : DateTimeOffset.UnixEpoch);
        var events = streamEvents.RunAsync(new StreamEventsRequest(since, until, EventMapping.ToFilter(asked.Filter)), request.Following);
        var lines = await request.StartLinesAsync(Wire.Docker.System.SystemJson.Default.EventMessage);
        await foreach (var what in events) await lines.WriteAsync(EventMapping.ToMessage(what, new ApiVersion(1, 41, 0)), request.Aborted);
    }
}
