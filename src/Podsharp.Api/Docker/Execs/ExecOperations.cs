using Podsharp.Api.Specification;
using Podsharp.Wire.Common;
using Podsharp.Wire.Docker.Containers;
using Podsharp.Wire.Docker.Execs;

namespace Podsharp.Api.Docker.Execs;

internal static class ExecOperations
{
    public static IReadOnlyList<Operation> All =>
    [
        new("POST", "/containers/{id}/exec", "ContainerExec", "Create an exec session")
        {
            Body = typeof(ExecCreateBody),
            Replies = [Reply.Json<IdReply>("The session's id", 201)],
            Errors = [400, 404, 409],
        },
        new("POST", "/exec/{id}/start", "ExecStart", "Start an exec session; the connection becomes its streams unless it is detached")
        {
            Body = typeof(ExecStartBody),
            Replies =
            [
                Reply.Bytes("application/vnd.docker.raw-stream", "Detached, or the streams where no upgrade was asked for"),
                Reply.Bytes("application/vnd.docker.raw-stream", "The streams", 101),
            ],
            Errors = [400, 404, 409],
        },
        new("POST", "/exec/{id}/resize", "ExecResize", "Set the size of a session's terminal")
        {
            Parameters = [Parameter.Number("h", "Lines").Needed(), Parameter.Number("w", "Columns").Needed()],
            Replies = [Reply.Empty(200, "It has that size")],
            Errors = [400, 404, 409],
        },
        new("GET", "/exec/{id}/json", "ExecInspect", "The state of an exec session")
        {
            Replies = [Reply.Json<ExecInspectReply>("The session")],
            Errors = [404],
        },
    ];
}
