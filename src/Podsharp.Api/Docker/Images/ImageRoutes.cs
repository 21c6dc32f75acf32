using Podsharp.Api.Docker.Registries;
using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Pull;
using Podsharp.Engine.Images.Push;
using Podsharp.Wire.Docker.Images;
using Podsharp.Wire.Docker.Streams;

namespace Podsharp.Api.Docker.Images;

internal static class ImageRoutes
{
    public static void Map(RouteTable routes)
    {
        routes.Get<ListImages>("/images/json", ListAsync);
        routes.Get<SaveImages>("/images/get", SaveSeveralAsync);
        routes.Post<LoadImages>("/images/load", LoadAsync);
        routes.Post<ImportImage, PullImage>("/images/create", CreateAsync);
        routes.Post<PruneImages>("/images/prune", PruneAsync);
        routes.Get<InspectImage>("/images/{name...}/json", InspectAsync);
        routes.Get<InspectImage>("/images/{name...}/attestations", AttestationsAsync);
        routes.Get<SaveImages>("/images/{name...}/get", SaveOneAsync);
        routes.Get<ReadImageHistory>("/images/{name...}/history", HistoryAsync);
        routes.Post<PushImage>("/images/{name...}/push", PushHandler.PushAsync);
        routes.Post<TagImage>("/images/{name...}/tag", TagAsync);
        routes.Delete<RemoveImage>("/images/{name...}", RemoveAsync);
    }

    private static async Task ListAsync(ApiRequest request, ListImages list)
    {
        if (request.Query.Bool("identity")) throw EngineException.NotSupported("the query parameter identity is not supported: leave it out");
        var listings = await list.RunAsync(
            new ListImagesRequest(
                request.Query.Bool("all"),
                request.Version.AtLeast(1, 42) && request.Query.Bool("shared-size"),
                request.Query.Filters(),
                request.Version.AtLeast(1, 47) && request.Query.Bool("manifests")),
            request.Aborted);
        await request.ReplyJsonAsync(
            [.. listings.Select(listing => ImageSummaryMapping.ToReply(listing, request.Version))], ImagesJson.Default.IReadOnlyListImageSummary);
    }

    private static Task SaveOneAsync(ApiRequest request, SaveImages save) => SaveAsync(request, save, [request.Path("name")]);

    private static Task SaveSeveralAsync(ApiRequest request, SaveImages save) => SaveAsync(request, save, request.Query.List("names"));

    private static async Task SaveAsync(ApiRequest request, SaveImages save, IReadOnlyList<string> names)
    {
        var platforms = request.Version.AtLeast(1, 48) ? PlatformReader.ReadSeveral(request) : [];
        await using var archive = await save.RunAsync(new SaveImagesRequest(names, platforms, WholeRepositories: true), request.Aborted);
        await request.ReplyArchiveAsync(archive.WriteToAsync, "application/x-tar");
    }

    private static async Task LoadAsync(ApiRequest request, LoadImages load)
    {
        // Nothing is told before the end, so a failure still has a status of its own.
        var loaded = await load.RunAsync(new LoadImagesRequest(request.Body, PlatformReader.ReadSeveral(request)), request.Aborted);
        var lines = await request.StartProgressAsync();
        foreach (var text in loaded.SelectMany(Lines)) await lines.WriteAsync(new ProgressMessage { Stream = text + "\n" }, request.Aborted);
    }

    private static IEnumerable<string> Lines(LoadedImage loaded) => loaded.Tags.Count > 0
        ? loaded.Tags.Select(tag => $"Loaded image: {tag.Familiar}")
        : [$"Loaded image ID: {loaded.Image.Id}"];

    private static async Task CreateAsync(ApiRequest request, ImportImage import, PullImage pull)
    {
        if (request.Query.Text("fromImage").Length > 0)
        {
            await PullHandler.PullAsync(request, pull);
            return;
        }

        if (request.Query.Text("fromSrc") is not "-" and var source)
            throw source.Length == 0
                ? EngineException.InvalidInput("one of the query parameters fromImage and fromSrc is needed")
                : EngineException.NotSupported($"cannot import from {source}: fetch the archive yourself and send it as the body, with fromSrc=-");

        var image = await import.RunAsync(
            new ImportImageRequest(
                request.Body,
                request.Query.Text("repo"),
                request.Query.Text("tag"),
                request.Query.Text("message"),
                request.Query.List("changes"),
                PlatformReader.Read(request)),
            request.Aborted);
        var lines = await request.StartProgressAsync();
        await lines.WriteAsync(new ProgressMessage { Status = image.Id.ToString() }, request.Aborted);
    }

    private static async Task PruneAsync(ApiRequest request, PruneImages prune)
    {
        var outcome = await prune.RunAsync(request.Query.Filters(), request.Aborted);
        await request.ReplyJsonAsync(
            new ImagePruneReply(outcome.Removed.Count == 0 ? null : [.. outcome.Removed.Select(ToReply)], outcome.SpaceReclaimed),
            ImagesJson.Default.ImagePruneReply);
    }

    private static async Task InspectAsync(ApiRequest request, InspectImage inspect)
    {
        var asked = ReadInspect(request, since: 49) with { Manifests = request.Version.AtLeast(1, 48) && request.Query.Bool("manifests") };
        if (asked is { Manifests: true, Platform: not null })
            throw EngineException.InvalidInput("conflicting options: manifests and platform options cannot both be set");
        var inspection = await inspect.RunAsync(asked, request.Aborted);
        await request.ReplyJsonAsync(ImageInspectMapping.ToReply(inspection, request.Version), ImagesJson.Default.ImageInspectReply);
    }

    private static async Task AttestationsAsync(ApiRequest request, InspectImage inspect)
    {
        await inspect.RunAsync(new InspectImageRequest(request.Path("name")), request.Aborted);
        throw EngineException.NotSupported("attestations are not supported: an image is kept here without what was attached to it");
    }

    private static async Task HistoryAsync(ApiRequest request, ReadImageHistory history)
    {
        var steps = await history.RunAsync(ReadInspect(request, since: 48), request.Aborted);
        await request.ReplyJsonAsync([.. steps.Select(ToReply)], ImagesJson.Default.IReadOnlyListImageHistoryReply);
    }

    private static async Task TagAsync(ApiRequest request, TagImage tag)
    {
        await tag.RunAsync(
            new TagImageRequest(request.Path("name"), request.Query.Text("repo"), request.Query.Text("tag")), request.Aborted);
        await request.ReplyAsync(201);
    }

    private static async Task RemoveAsync(ApiRequest request, RemoveImage remove)
    {
        if (request.Version.AtLeast(1, 50) && request.Query.Has("platforms"))
            throw EngineException.NotSupported("the query parameter platforms is not supported: name one platform by its image's id (docker images -a shows it), or leave it out to remove all");

        // A removal that has begun goes on when the client leaves.
        var removed = await remove.RunAsync(
            new RemoveImageRequest(request.Path("name"), request.Query.Bool("force"), !request.Query.Bool("noprune")), CancellationToken.None);
        await request.ReplyJsonAsync([.. removed.Select(ToReply)], ImagesJson.Default.IReadOnlyListImageDeleteReply);
    }

    private static InspectImageRequest ReadInspect(ApiRequest request, int since) =>
        new(request.Path("name"), request.Version.AtLeast(1, since) ? PlatformReader.Read(request) : null);

    private static ImageDeleteReply ToReply(ImageRemoval removal) =>
        new() { Untagged = removal.Untagged?.Familiar, Deleted = removal.Deleted?.ToString() };

    private static ImageHistoryReply ToReply(HistoryStep step) => new(
        step.Comment,
        step.Created?.ToUnixTimeSeconds() ?? 0,
        step.CreatedBy,
        step.ImageId?.ToString() ?? "<missing>",
        step.Size,
        step.Tags.Count == 0 ? null : [.. step.Tags.Select(tag => tag.Familiar)]);
}
