using Podsharp.Api.Specification;
using Podsharp.Wire.Docker.Volumes;

namespace Podsharp.Api.Docker.Volumes;

internal static class VolumeOperations
{
    public static IReadOnlyList<Operation> All =>
    [
        new("GET", "/volumes", "VolumeList", "List volumes")
        {
            Parameters = [Parameter.Filters("dangling", "driver", "label", "name")],
            Replies = [Reply.Json<VolumeListReply>("The volumes")],
            Errors = [400],
        },
        new("POST", "/volumes/create", "VolumeCreate", "Create a volume, or find the one of that name")
        {
            Body = typeof(CreateVolumeBody),
            Replies = [Reply.Json<VolumeReply>("The volume", 201)],
            Errors = [400, 409],
        },
        new("POST", "/volumes/prune", "VolumePrune", "Remove volumes that no container has")
        {
            Parameters = [Parameter.Filters("label", "label!", "all")],
            Replies = [Reply.Json<PruneVolumesReply>("What was removed")],
            Errors = [400],
        },
        new("GET", "/volumes/{name}", "VolumeInspect", "One volume") { Replies = [Reply.Json<VolumeReply>("The volume")], Errors = [404] },
        new("DELETE", "/volumes/{name}", "VolumeDelete", "Remove a volume")
        {
            Parameters = [Parameter.Flag("force", "No error where there is no such volume")],
            Replies = [Reply.Empty(204, "It is gone")],
            Errors = [404, 409],
        },
    ];
}
