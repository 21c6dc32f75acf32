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
        var asked = container.Spec.Mounts.Requested.Select(mount => mount.Target).ToHashSet();
        return [.. container.Mounts.Where(mount => mount.Kind != MountKind.Tmpfs || !hidden.Contains(mount.Target)).Select(mount => Write(mount, asked))];
    }

    private static MountPoint Write(ResolvedMount mount, HashSet<string> asked) => new()
    {
        Type = mount.Kind.ToString().ToLowerInvariant(),
        Name = mount.Kind == MountKind.Volume ? mount.VolumeName : null,
        Source = mount.Source,
        Destination = mount.Target,
        Driver = mount.Kind == MountKind.Volume ? "local" : null,
        // A volume that only Config.Volumes, or the image, names has none.
        Mode = mount.WrittenMode.Length == 0 && mount.Kind == MountKind.Volume && asked.Contains(mount.Target) ? "z" : mount.WrittenMode,
        ReadWrite = !mount.ReadOnly,
        Propagation = mount.Kind != MountKind.Bind ? "" : mount.Propagation.Length > 0 ? mount.Propagation : "rprivate",
    };
}
