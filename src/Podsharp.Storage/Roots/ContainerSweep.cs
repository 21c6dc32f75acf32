using Podsharp.Core.Containers;
using Podsharp.Core.Storage;
using Podsharp.Core.Text;
using Podsharp.Linux.Mounts;

namespace Podsharp.Storage.Roots;

/// <summary>Removes directories of containers that the index knows nothing of: a creation or a removal was cut off.</summary>
internal static class ContainerSweep
{
    public static void Run(StorePaths paths, Staging staging, IContainerStore containers)
    {
        foreach (var id in Unknown(paths.RunContainers, containers))
        {
            MountPlaces.Undo(paths, id);
            foreach (var mount in new[] { paths.SharedMemory(id), paths.RootFs(id) }.Where(MountPoint.IsMounted)) MountPoint.Unmount(mount);
            staging.Remove(paths.RunContainer(id));
        }

        // Files were being copied to them when the service was killed.
        foreach (var container in containers.All.Where(container => container.State is { IsUp: false, CleanupOwed: false } && MountPoint.IsMounted(paths.RootFs(container.Id))))
            MountPoint.Unmount(paths.RootFs(container.Id));

        foreach (var id in Unknown(paths.Containers, containers)) _ = staging.DiscardAsync(paths.Container(id));
    }

    private static List<ContainerId> Unknown(string directory, IContainerStore containers) =>
    [
        .. Directory.EnumerateDirectories(directory).Select(path => Path.GetFileName(path))
            .Where(name => name.Length == 64 && HexText.IsLowerHex(name)).Select(ContainerId.Parse).Where(id => containers.Find(id) is null),
    ];
}
