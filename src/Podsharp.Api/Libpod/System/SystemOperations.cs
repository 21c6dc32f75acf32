using Podsharp.Api.Specification;
using Podsharp.Wire.Docker.System;
using Podsharp.Wire.Libpod.System;

namespace Podsharp.Api.Libpod.System;

internal static class SystemOperations
{
    public static IReadOnlyList<Operation> All =>
    [
        new("GET", "/_ping", "SystemPing", "OK when the engine is there") { Replies = [Reply.Bytes("text/plain", "OK")] },
        new("GET", "/version", "SystemVersion", "Versions of the engine and what it drives") { Replies = [Reply.Json<VersionReply>("The versions")] },
        new("GET", "/info", "SystemInfo", "The machine and the engine") { Replies = [Reply.Json<InfoReport>("What is known")] },
        new("GET", "/events", "SystemEvents", "What happens, as it happens")
        {
            Parameters = [Parameter.Flag("stream"), Parameter.Text("since"), Parameter.Text("until"), Parameter.Filters("container", "event", "image", "type", "volume")],
            Replies = [Reply.Lines<EventMessage>("An event a line")],
            Errors = [400],
        },
    ];
}
