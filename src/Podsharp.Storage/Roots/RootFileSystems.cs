using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Linux.Files;
using Podsharp.Linux.Mounts;

namespace Podsharp.Storage.Roots;

internal sealed class RootFileSystems(StorePaths paths, Staging staging, IContainerStore containers) : IRootFileSystems
{
    private const int RootMode = 0b111_101_101;

    public Task CreateAsync(ContainerId id, CancellationToken cancellationToken)
    {
        Prepare(paths.Container(id));
        return Task.CompletedTask;
    }

    public Task<string> MountAsync(ContainerId id, IReadOnlyList<Digest> layers, CancellationToken cancellationToken)
    {
        var target = paths.RootFs(id);
        if (MountPoint.IsMounted(target)) return Task.FromResult(target);
        var own = paths.Container(id);
        try
        {
            Prepare(own);
            Directory.CreateDirectory(target);
            // A machine that went down while a volatile overlay was mounted leaves this mark, and the kernel refuses the next mount.
            FileTree.Remove(Path.Join(own, "work", "work", "incompat", "volatile"));
            OverlayMount.Mount(LayerDirectories.Lower(paths, layers), Path.Join(own, "upper"), Path.Join(own, "work"), target, IsVolatile(id));
        }
        catch (Exception e)
        {
            foreach (var layer in layers.Where(layer => !Directory.Exists(Path.Join(paths.Layer(layer), "diff"))))
                throw EngineException.Internal($"the layer {layer} of container {id.Short} is missing from the store: load or pull its image again", e);
            throw StorageErrors.Translate(e, $"the root file system of container {id.Short} cannot be mounted");
        }

        return Task.FromResult(target);
    }

    public Task<string> MountSharedMemoryAsync(ContainerId id, long bytes, CancellationToken cancellationToken)
    {
        var target = paths.SharedMemory(id);
        if (MountPoint.IsMounted(target)) return Task.FromResult(target);
        try
        {
            Directory.CreateDirectory(target);
            MountPoint.Mount(
                "shm", target, "tmpfs", MountFlags.NoSetId | MountFlags.NoDevices | MountFlags.NoExecution, $"mode=1777,size={bytes}");
        }
        catch (Exception e)
        {
            throw StorageErrors.Translate(e, $"the shared memory of container {id.Short} cannot be mounted");
        }

        return Task.FromResult(target);
    }

    public async Task UnmountAsync(ContainerId id, CancellationToken cancellationToken)
    {
        if (Directory.Exists(paths.MountPlaces(id))) await Task.Run(() => MountPlaces.Undo(paths, id), cancellationToken);
        var mounted = new[] { paths.SharedMemory(id), paths.RootFs(id) }.Where(MountPoint.IsMounted).ToList();
        if (mounted.Count == 0) return;
        // The kernel writes the upper directory's files to the disk before it lets go: not a wait for a shared thread.
        await Task.Run(() => mounted.ForEach(target => MountPoint.Unmount(target)), cancellationToken);
    }

    public async Task RemoveAsync(ContainerId id, CancellationToken cancellationToken)
    {
        await UnmountAsync(id, cancellationToken);
        staging.Remove(paths.RunContainer(id));
        await staging.DiscardAsync(paths.Container(id));
    }

    public Task<long> SizeAsync(ContainerId id, CancellationToken cancellationToken) =>
        Task.Run(() => FileTree.Size(Path.Join(paths.Container(id), "upper")), cancellationToken);

    private static void Prepare(string own)
    {
        try
        {
            Directory.CreateDirectory(Path.Join(own, "work"));
            var upper = Path.Join(own, "upper");
            if (Directory.Exists(upper)) return;
            Directory.CreateDirectory(upper);
            // The upper directory's mode is that of the container's "/".
            File.SetUnixFileMode(upper, (UnixFileMode)RootMode);
        }
        catch (Exception e)
        {
            throw StorageErrors.Translate(e, "the container's directories cannot be made");
        }
    }

    private bool IsVolatile(ContainerId id) => containers.Find(id)?.Spec.AutoRemove == true;
}
