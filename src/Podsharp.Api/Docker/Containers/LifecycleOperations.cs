using Podsharp.Api.Specification;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers;

internal static class LifecycleOperations
{
    private static readonly Parameter Signal = Parameter.Text("signal", "A name or a number", "1.42");

    public static IReadOnlyList<Operation> All =>
    [
        new("POST", "/containers/{id}/start", "ContainerStart", "Start a container")
        {
            Parameters = [Parameter.Text("detachKeys", "Keys by which an attached client lets go"), Parameter.Text("checkpoint", "Refused: not supported")],
            Replies = [Reply.Empty(204, "It runs"), Reply.Empty(304, "It ran already")],
            Errors = [400, 404, 409, 501],
        },
        new("POST", "/containers/{id}/stop", "ContainerStop", "Stop a container: a signal, and SIGKILL after a time")
        {
            Parameters = [Signal, Parameter.Number("t", "Seconds until SIGKILL; -1 never")],
            Replies = [Reply.Empty(204, "It is down"), Reply.Empty(304, "It was down already")],
            Errors = [400, 404],
        },
        new("POST", "/containers/{id}/restart", "ContainerRestart", "Stop a container and start it")
        {
            Parameters = [Signal, Parameter.Number("t", "Seconds until SIGKILL; -1 never")],
            Replies = [Reply.Empty(204, "It runs")],
            Errors = [400, 404],
        },
        new("POST", "/containers/{id}/kill", "ContainerKill", "Send a signal to a container")
        {
            Parameters = [Parameter.Text("signal", "A name or a number; SIGKILL where it is left out")],
            Replies = [Reply.Empty(204, "It was sent")],
            Errors = [400, 404, 409],
        },
        new("POST", "/containers/{id}/pause", "ContainerPause", "Freeze a container") { Replies = [Reply.Empty(204, "It is frozen")], Errors = [404, 409] },
        new("POST", "/containers/{id}/unpause", "ContainerUnpause", "Thaw a container") { Replies = [Reply.Empty(204, "It goes on")], Errors = [404, 409] },
        new("POST", "/containers/{id}/wait", "ContainerWait", "Wait for a container; the head of the reply comes at once")
        {
            Parameters = [Parameter.Text("condition", "not-running, next-exit or removed", "1.30")],
            Replies = [Reply.Json<WaitReply>("The exit code")],
            Errors = [400, 404],
        },
        new("POST", "/containers/{id}/resize", "ContainerResize", "Set the size of a container's terminal")
        {
            Parameters = [Parameter.Number("h", "Lines").Needed(), Parameter.Number("w", "Columns").Needed()],
            Replies = [Reply.Empty(200, "It has that size")],
            Errors = [400, 404, 409],
        },
        new("POST", "/containers/{id}/update", "ContainerUpdate", "Change limits and restart policy, at once where it runs")
        {
            Body = typeof(HostConfig),
            Replies = [Reply.Json<UpdateReply>("What could not be done as asked")],
            Errors = [400, 404, 409],
        },
    ];
}
