using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;
using DeviceMapping = Podsharp.Core.Containers.DeviceMapping;
using DeviceRequest = Podsharp.Core.Containers.DeviceRequest;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>The four ways to ask for a mount, and devices.</summary>
internal static class MountsReader
{
    public static MountsSpec Read(CreateBody body, HostConfig host)
    {
        List<string> anonymous =
        [
            .. (body.Volumes ?? new Dictionary<string, EmptyObject?>()).Keys.Select(path => MountTarget.Read("/" + path, $"invalid volume specification: '{path}': ")),
        ];
        List<MountRequest> requested = [];
        foreach (var text in host.Binds ?? [])
        {
            if (BindReader.Read(text) is { } bind) requested.Add(bind);
            else anonymous.Add(MountTarget.Read(text, $"invalid volume specification: '{text}': "));
        }

        requested.AddRange((host.Mounts ?? []).OfType<Mount>().Select(MountListReader.Read));
        requested.AddRange((host.Tmpfs ?? new Dictionary<string, string>()).Select(pair => TmpfsReader.Read(pair.Key, pair.Value)));
        CheckDuplicates(requested);
        return new MountsSpec
        {
            Binds = host.Binds ?? [],
            Requested = requested,
            AnonymousVolumes = [.. anonymous.Distinct()],
            VolumesFrom = [.. (host.VolumesFrom ?? []).Select(From)],
            VolumeDriver = host.VolumeDriver,
            Devices = [.. (host.Devices ?? []).OfType<Wire.Docker.Containers.DeviceMapping>().Select(Device)],
            DeviceRequests = [.. (host.DeviceRequests ?? []).OfType<Wire.Docker.Containers.DeviceRequest>().Select(Request)],
        };
    }

    private static void CheckDuplicates(List<MountRequest> requested)
    {
        var seen = new HashSet<string>();
        foreach (var mount in requested)
        {
            if (!seen.Add(mount.Target)) throw EngineException.InvalidInput($"Duplicate mount point: {mount.Target}");
        }
    }

    private static string From(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (text.Length == 0 || colon == 0) throw EngineException.InvalidInput("volumes-from specification cannot be an empty string");
        return colon < 0 || text[(colon + 1)..] is "ro" or "rw" or "z" or "Z"
            ? text
            : throw EngineException.InvalidInput($"invalid mode: {text[(colon + 1)..]}");
    }

    private static DeviceRequest Request(Wire.Docker.Containers.DeviceRequest request) => new(
        request.Driver,
        request.Count,
        request.DeviceIds ?? [],
        [.. (request.Capabilities ?? []).Select(static all => all ?? [])],
        request.Options ?? new Dictionary<string, string>());

    private static DeviceMapping Device(Wire.Docker.Containers.DeviceMapping device)
    {
        if (!device.PathOnHost.StartsWith('/'))
            throw EngineException.InvalidInput($"invalid device: PathOnHost \"{device.PathOnHost}\" must be an absolute path");
        var inside = device.PathInContainer.Length == 0 ? device.PathOnHost : device.PathInContainer;
        if (!inside.StartsWith('/')) throw EngineException.InvalidInput($"invalid device: PathInContainer \"{inside}\" must be an absolute path");
        var permissions = device.CgroupPermissions.Length == 0 ? "rwm" : device.CgroupPermissions;
        return permissions.All("rwm".Contains) && permissions.Distinct().Count() == permissions.Length
            ? new DeviceMapping(device.PathOnHost, MountTarget.Clean(inside), permissions)
            : throw EngineException.InvalidInput($"invalid device mode: {permissions}");
    }
}
