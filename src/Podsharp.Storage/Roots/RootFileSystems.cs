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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly RootHolds _holds = new();

    public Task CreateAsync(ContainerId id, CancellationToken cancellationToken)
    {
        Prepare(paths.Container(id));
        return Task.CompletedTask;
    }

    public Task<string> MountAsync(ContainerId id, IReadOnlyList<Digest> layers, CancellationToken cancellationToken) =>
        _holds.Find(id) is { } entry ? MountAsync(id, layers, entry, forHold: false, cancellationToken) : Task.FromResult(Mount(id, layers));

    public async Task<IRootHold> HoldAsync(ContainerId id, IReadOnlyList<Digest> layers, CancellationToken cancellationToken)
    {
        var entry = _holds.Enter(id);
        var hold = new RootHolds.Hold(() => _holds.LeaveAsync(id, entry, () => UnmountRoot(id)), entry.Lost.Token);
        try
        {
            await MountAsync(id, layers, entry, forHold: true, cancellationToken);
            return hold;
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    private async Task<string> MountAsync(
        ContainerId id, IReadOnlyList<Digest> layers, RootHolds.Entry entry, bool forHold, CancellationToken cancellationToken)
    {
        await entry.Gate.WaitAsync(cancellationToken);
        try
        {
            // What was mounted for a hold alone goes with the last of them; a start takes it over.
            entry.UnmountOwed = forHold && (entry.UnmountOwed || !MountPoint.IsMounted(paths.RootFs(id)));
            return Mount(id, layers);
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    private string Mount(ContainerId id, IReadOnlyList<Digest> layers)
    {
        var target = paths.RootFs(id);
        if (MountPoint.IsMounted(target)) return target;
        var own = paths.Container(id);
        try
        {
            Prepare(own);
            Directory.CreateDirectory(target);
            // A machine that went down while a volatile overlay was mounted leaves this mark, and the kernel refuses the next mount.
            FileTree.Remove(Path.Join(own, "work", "work", "incompat", "volatile"));
            OverlayMount.Mount(LayerDirectories.Lower(paths, layers), Path.Join(own, "upper"), Path.Join(own, "work"), target, IsVolatile(id), MountContext.Of(containers, id));
        }
        catch (Exception e)
        {
            foreach (var layer in layers.Where(layer => !Directory.Exists(Path.Join(paths.Layer(layer), "diff"))))
                throw EngineException.Internal($"the layer {layer} of container {id.Short} is missing from the store: load or pull its image again", e);
            throw StorageErrors.Translate(e, $"the root file system of container {id.Short} cannot be mounted");
        }

        return target;
    }

    public Task<string> MountSharedMemoryAsync(ContainerId id, long bytes, CancellationToken cancellationToken)
    {
        var target = paths.SharedMemory(id);
        if (MountPoint.IsMounted(target)) return Task.FromResult(target);
        try
        {
            Directory.CreateDirectory(target);
            MountPoint.Mount(
                "shm", target, "tmpfs", MountFlags.NoSetId | MountFlags.NoDevices | MountFlags.NoExecution, $"mode=1777,size={bytes}{MountContext.Of(containers, id)}");
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
        if (_holds.Find(id) is { } entry) await UnmountAsync(id, entry, cancellationToken);
        else await UnmountAllAsync(id, cancellationToken);
    }

    private async Task UnmountAsync(ContainerId id, RootHolds.Entry entry, CancellationToken cancellationToken)
    {
        await entry.Gate.WaitAsync(cancellationToken);
        try
        {
            if (!_holds.IsHeld(entry))
            {
                await UnmountAllAsync(id, cancellationToken);
                return;
            }

            entry.UnmountOwed = true;
            if (MountPoint.IsMounted(paths.SharedMemory(id))) MountPoint.Unmount(paths.SharedMemory(id));
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    private async Task UnmountAllAsync(ContainerId id, CancellationToken cancellationToken)
    {
        var mounted = new[] { paths.SharedMemory(id), paths.RootFs(id) }.Where(MountPoint.IsMounted).ToList();
        if (mounted.Count == 0) return;
        // The kernel writes the upper directory's files to the disk before it lets go: not a wait for a shared thread.
        await Task.Run(() => mounted.ForEach(target => MountPoint.Unmount(target)), cancellationToken);
    }

    private void UnmountRoot(ContainerId id)
    {
        if (MountPoint.IsMounted(paths.RootFs(id))) MountPoint.Unmount(paths.RootFs(id));
    }

    public async Task RemoveAsync(ContainerId id, CancellationToken cancellationToken)
    {
        await RevokeAsync(id);
        await UnmountAsync(id, cancellationToken);
        staging.Remove(paths.RunContainer(id));
        await staging.DiscardAsync(paths.Container(id));
    }

    public Task<long> SizeAsync(ContainerId id, CancellationToken cancellationToken) =>
        Task.Run(() => FileTree.Size(Path.Join(paths.Container(id), "upper")), cancellationToken);

    /// <summary>Whoever still writes there would make files in directories that are being removed.</summary>
    private async Task RevokeAsync(ContainerId id)
    {
        if (_holds.Find(id) is not { } entry) return;
        await entry.Lost.CancelAsync();
        await Task.WhenAny(entry.Free.Task, Task.Delay(Patience));
    }

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
