using System.Globalization;
using System.Text.Json;
using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Core.Volumes;
using Podsharp.Engine.Volumes;
using Podsharp.Wire.Docker.Volumes;

namespace Podsharp.Api.Docker.Volumes;

internal static class VolumeRoutes
{
    private const string AnonymousLabel = "com.docker.volume.anonymous";

    public static void Map(RouteTable routes)
    {
        routes.Get<ListVolumes>("/volumes", ListAsync);
        routes.Post<CreateVolume>("/volumes/create", CreateAsync);
        routes.Post<PruneVolumes>("/volumes/prune", PruneAsync);
        routes.Get<InspectVolume>("/volumes/{name}", InspectAsync);
        routes.Delete<RemoveVolume>("/volumes/{name}", RemoveAsync);
    }

    public static VolumeReply ToReply(Volume volume) => new()
    {
        CreatedAt = volume.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        Driver = volume.Driver,
        Labels = volume.Anonymous ? new Dictionary<string, string>(volume.Labels) { [AnonymousLabel] = "" } : OrNull(volume.Labels, volume.Given.Labels),
        Mountpoint = volume.MountPoint,
        Name = volume.Name,
        Options = OrNull(volume.Options, volume.Given.Options),
    };

    // As dockerd: what was not given is null.
    private static IReadOnlyDictionary<string, string>? OrNull(IReadOnlyDictionary<string, string> map, bool given) => map.Count > 0 || given ? map : null;

    private static Task ListAsync(ApiRequest request, ListVolumes list) => request.ReplyJsonAsync(
        new VolumeListReply([.. list.Run(request.Query.Filters()).Select(ToReply)], null), VolumeJson.Default.VolumeListReply);

    private static async Task CreateAsync(ApiRequest request, CreateVolume create)
    {
        var body = await request.ReadOptionalJsonAsync(VolumeJson.Default.CreateVolumeBody) ?? new CreateVolumeBody();
        UnknownFields.Refuse(body, "");
        if (body.ClusterVolumeSpec is { ValueKind: not JsonValueKind.Null })
            throw EngineException.NotSupported("volume create: ClusterVolumeSpec is not supported by this engine");
        var volume = await create.RunAsync(
            new CreateVolumeRequest(
                body.Name ?? "",
                body.Driver ?? "",
                body.DriverOpts ?? new Dictionary<string, string>(),
                body.Labels ?? new Dictionary<string, string>()) { Given = new VolumeGiven(body.DriverOpts is not null, body.Labels is not null) },
            request.Aborted);
        await request.ReplyJsonAsync(ToReply(volume), VolumeJson.Default.VolumeReply, 201);
    }

    private static async Task PruneAsync(ApiRequest request, PruneVolumes prune)
    {
        var filters = request.Query.Filters().Knowing("label", "label!", "all");
        // Older clients know no difference between named and anonymous volumes.
        var all = filters.Flag("all") ?? !request.Version.AtLeast(1, 42);
        var outcome = await prune.RunAsync(new PruneVolumesRequest(all, filters), request.Aborted);
        await request.ReplyJsonAsync(new PruneVolumesReply(outcome.Removed, outcome.SpaceReclaimed), VolumeJson.Default.PruneVolumesReply);
    }

    private static Task InspectAsync(ApiRequest request, InspectVolume inspect) =>
        request.ReplyJsonAsync(ToReply(inspect.Run(request.Path("name"))), VolumeJson.Default.VolumeReply);

    private static async Task RemoveAsync(ApiRequest request, RemoveVolume remove)
    {
        await remove.RunAsync(new RemoveVolumeRequest(request.Path("name"), request.Query.Bool("force")), request.Aborted);
        await request.ReplyAsync(204);
    }
}
