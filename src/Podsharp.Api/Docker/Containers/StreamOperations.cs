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
        new("GET", "/containers/{id}/export", "ContainerExport", "The root file system as a tar")
        {
            Replies = [Reply.Bytes("application/x-tar", "The tar")],
            Errors = [404],
        },
        new("POST", "/commit", "ImageCommit", "Make an image of a container")
        {
            Parameters =
            [
                Parameter.Text("container", "Name or id").Needed(),
                Parameter.Text("repo"),
                Parameter.Text("tag"),
                Parameter.Text("comment"),
                Parameter.Text("author"),
                Parameter.Flag("pause", "Freeze it meanwhile"),
                Parameter.Several("changes", "Instructions of a Dockerfile"),
            ],
            Body = typeof(ContainerConfig),
            Replies = [Reply.Json<CommitReply>("The image's id", 201)],
            Errors = [400, 404, 409],
        },
    ];
}
