using Podsharp.Api.Specification;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers;

internal static class ArchiveOperations
{
    private const string Tar = "application/x-tar";

    private static readonly Parameter Path = Parameter.Text("path", "In the container").Needed();

    public static IReadOnlyList<Operation> All =>
    [
        new("HEAD", "/containers/{id}/archive", "ContainerArchiveInfo", "What a path in a container is")
        {
            Parameters = [Path],
            Replies = [Reply.Empty(200, "The header X-Docker-Container-Path-Stat has it: JSON in base64")],
            Errors = [400, 404],
        },
        new("GET", "/containers/{id}/archive", "ContainerArchive", "A path of a container as a tar")
        {
            Parameters = [Path],
            Replies = [Reply.Bytes(Tar, "The tar; the header X-Docker-Container-Path-Stat tells what the path is")],
            Errors = [400, 404],
        },
        new("PUT", "/containers/{id}/archive", "PutContainerArchive", "Unpack a tar into a directory of a container")
        {
            Parameters =
            [
                Path,
                Parameter.Flag("noOverwriteDirNonDir", "No directory takes the place of something else, nor the other way round"),
                Parameter.Flag("copyUIDGID", "Owners as the tar has them", "1.39"),
            ],
            BodyMedia = Tar,
            Replies = [Reply.Empty(200, "It is there")],
            Errors = [400, 403, 404],
        },
        new("GET", "/containers/{id}/changes", "ContainerChanges", "What differs from the image")
        {
            Replies = [Reply.Json<IReadOnlyList<ChangeReply>>("Paths; kind 0 changed, 1 added, 2 deleted")],
            Errors = [404],
        },
        new("GET", "/containers/{id}/export", "ContainerExport", "The root file system as a tar")
        {
            Replies = [Reply.Bytes(Tar, "The tar")],
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
