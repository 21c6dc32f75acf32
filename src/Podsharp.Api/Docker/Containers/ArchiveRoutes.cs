using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Api.Docker.Containers.Writing;
using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Commit;
using Podsharp.Engine.Containers.Copy;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers;

/// <summary>Containers' files as archives and images.</summary>
internal static class ArchiveRoutes
{
    public static void Map(RouteTable routes)
    {
        routes.Head<LookAtPath>("/containers/{id}/archive", LookAsync);
        routes.Get<CopyFromContainer>("/containers/{id}/archive", CopyFromAsync);
        routes.Put<CopyToContainer>("/containers/{id}/archive", CopyToAsync);
        routes.Get<ListChanges>("/containers/{id}/changes", ChangesAsync);
        routes.Get<ExportContainer>("/containers/{id}/export", ExportAsync);
        routes.Post<CommitContainer>("/commit", CommitAsync);
    }

    private static async Task LookAsync(ApiRequest request, LookAtPath look)
    {
        var facts = await look.RunAsync(request.Path("id"), request.Query.Text("path"), request.Aborted);
        request.Http.Response.Headers[PathStatWriter.Header] = PathStatWriter.ToHeader(facts);
        await request.ReplyAsync(200);
    }

    private static async Task CopyFromAsync(ApiRequest request, CopyFromContainer copy)
    {
        await using var copied = await copy.RunAsync(request.Path("id"), request.Query.Text("path"), request.Aborted);
        request.Http.Response.Headers[PathStatWriter.Header] = PathStatWriter.ToHeader(copied.Facts);
        await request.ReplyArchiveAsync(copied.WriteToAsync, "application/x-tar");
    }

    private static async Task CopyToAsync(ApiRequest request, CopyToContainer copy)
    {
        var query = request.Query;
        var asked = new CopyToContainerRequest(
            request.Path("id"), query.Text("path"), KeepForm: query.Bool("noOverwriteDirNonDir"), ForUser: query.Bool("copyUIDGID"));
        await copy.RunAsync(asked, request.Body, request.Aborted);
        await request.ReplyAsync(200);
    }

    private static async Task ChangesAsync(ApiRequest request, ListChanges list)
    {
        var changes = await list.RunAsync(request.Path("id"), request.Aborted);
        IReadOnlyList<ChangeReply> reply = [.. changes.Select(change => new ChangeReply(change.Path, (int)change.Kind))];
        await request.ReplyJsonAsync(reply, ContainerJson.Default.IReadOnlyListChangeReply);
    }

    private static async Task ExportAsync(ApiRequest request, ExportContainer export)
    {
        await using var archive = await export.RunAsync(request.Path("id"), request.Aborted);
        await request.ReplyArchiveAsync(archive.WriteToAsync, "application/octet-stream");
    }

    private static async Task CommitAsync(ApiRequest request, CommitContainer commit)
    {
        var query = request.Query;
        var body = await request.ReadOptionalJsonAsync(ContainerJson.Default.ContainerConfig);
        var asked = new CommitContainerRequest(
            query.Text("container") is { Length: > 0 } name ? name : throw EngineException.InvalidInput("the query parameter container is needed"),
            query.Text("repo"),
            query.Text("tag"),
            query.Text("comment"),
            query.Text("author"),
            query.Bool("pause", absent: true),
            query.List("changes"),
            CommitBodyReader.Read(body, query));
        var image = await commit.RunAsync(asked, request.Aborted);
        await request.ReplyJsonAsync(new CommitReply(image.Id.ToString()), ContainerJson.Default.CommitReply, status: 201);
    }
}
