using Podsharp.Api.Specification;
using Podsharp.Wire.Docker.System;

namespace Podsharp.Api.Docker.System;

internal static class SystemOperations
{
    public static IReadOnlyList<Operation> All =>
    [
        new("GET", "/_ping", "SystemPing", "OK when the engine is there; HEAD answers the head alone")
        {
            Replies = [Reply.Bytes("text/plain", "OK")],
        },
        new("GET", "/version", "SystemVersion", "Versions of the engine and what it drives") { Replies = [Reply.Json<VersionReply>("The versions")] },
        new("GET", "/info", "SystemInfo", "The machine and the engine") { Replies = [Reply.Json<InfoReply>("What is known")] },
        new("GET", "/system/df", "SystemDataUsage", "What takes how much of the disk")
        {
            Parameters =
            [
                Parameter.Several("type", "container, image, volume, build-cache; all where it is left out", "1.42"),
                Parameter.Flag("verbose", "Each object, too", "1.52"),
            ],
            Replies = [Reply.Json<DiskUsageTotals>("Sizes in bytes; below API 1.52 the objects alone")],
            Errors = [400],
        },
        new("GET", "/events", "SystemEvents", "What happens, as it happens")
        {
            Parameters =
            [
                Parameter.Text("since", "A time: also what was before"),
                Parameter.Text("until", "A time: end there"),
                Parameter.Filters("container", "event", "image", "label", "network", "scope", "type", "volume"),
            ],
            Replies = [Reply.Lines<EventMessage>("An event a line")],
            Errors = [400],
        },
    ];
}
