using Podsharp.Core.Containers;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Writing;

internal static class MountPointWriter
{
    public static IReadOnlyList<MountPoint> Write(Container container)
    {
        // Those of the tmpfs map are shown in HostConfig only.
        var hidden = container.Spec.Mounts.Requested
            .Where(mount => mount is { Kind: MountKind.Tmpfs, FromMountsList: false })
            .Select(mount => mount.Target)
            .ToHashSet();
        return [.. container.Mounts.Where(mount => mount.Kind != MountKind.Tmpfs || !hidden.Contains(mount.Target)).Select(Write)];
    }

    private static MountPoint Write(ResolvedMount mount) => new()
    {
        Type = mount.Kind.ToString().ToLowerInvariant(),
        Name = mount.Kind == MountKind.Volume ? mount.VolumeName : null,
        Source = mount.Source,
        Destination = mount.Target,
        Driver = mount.Kind == MountKind.Volume ? "local" : null,
        Mode = mount.WrittenMode.Length == 0 && mount.Kind == MountKind.Volume ? "z" : mount.WrittenMode,
        ReadWrite = !mount.ReadOnly,
        Propagation = mount.Kind != MountKind.Bind ? "" : mount.Propagation.Length > 0 ? mount.Propagation : "rprivate",
    };
}
