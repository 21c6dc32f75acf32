using Podsharp.Api.Specification;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers;

internal static class StreamOperations
{
    private const string RawStream = "application/vnd.docker.raw-stream";

    /// <summary>Which streams, and whether from the log, from now on, or both.</summary>
    public static readonly IReadOnlyList<Parameter> Streams =
    [
        Parameter.Text("detachKeys", "Keys by which the client lets go"),
        Parameter.Flag("logs", "What was written before"),
        Parameter.Flag("stream", "What is written from now on"),
        Parameter.Flag("stdin"),
        Parameter.Flag("stdout"),
        Parameter.Flag("stderr"),
    ];

    public static IReadOnlyList<Operation> All =>
    [
        new("POST", "/containers/{id}/attach", "ContainerAttach", "The connection becomes the container's streams")
        {
            Parameters = Streams,
            Replies = [Reply.Bytes(RawStream, "The streams where no upgrade was asked for"), Reply.Bytes(RawStream, "The streams", 101)],
            Errors = [400, 404, 409],
        },
        new("GET", "/containers/{id}/attach/ws", "ContainerAttachWebsocket", "The container's streams, without frames of their own, over a websocket")
        {
            Parameters = Streams,
            Replies = [Reply.Bytes("", "A websocket: binary messages, text before 1.28", 101)],
            Errors = [400, 404, 409],
        },
        new("GET", "/containers/{id}/logs", "ContainerLogs", "What a container has written")
        {
            Parameters =
            [
                Parameter.Flag("follow", "Go on with what comes"),
                Parameter.Flag("stdout"),
                Parameter.Flag("stderr"),
                Parameter.Text("since", "A time"),
                Parameter.Text("until", "A time", "1.35"),
                Parameter.Flag("timestamps", "A time before each line"),
                Parameter.Flag("details", "Labels and environment before each line"),
                Parameter.Text("tail", "So many lines from the end, or all"),
            ],
            Replies = [Reply.Bytes(RawStream, "The lines: frames of 8 bytes head where the container has no terminal")],
            Errors = [400, 404],
        },
        new("GET", "/containers/{id}/stats", "ContainerStats", "What a container takes of the machine")
        {
            Parameters = [Parameter.Flag("stream", "Once a second; true where it is left out"), Parameter.Flag("one-shot", "Do not wait for a second measurement", "1.41")],
            Replies = [Reply.Lines<StatsReply>("A measurement a line")],
            Errors = [404],
        },
    ];
}
