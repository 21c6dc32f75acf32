using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;
using Podsharp.Core.Storage;
using Podsharp.Core.Volumes;

namespace Podsharp.Engine.Containers.Copy;

/// <summary>Opens a container's files, whether it runs or not.</summary>
public sealed class ContainerAccess(
    ContainerLookup lookup, ContainerLocks locks, IContainerRuntime runtime, IContainerViews views, IRootFileSystems roots, IVolumeStore volumes)
{
    /// <summary>A start and a removal need not wait for who reads.</summary>
    public Task<OpenContainer> OpenToReadAsync(string container, CancellationToken cancellationToken) =>
        OpenAsync(
            container,
            async found => new OpenContainer(container, found, await views.OpenToReadAsync(found, mounts: true, cancellationToken), null),
            cancellationToken);

    /// <summary>A start shares the files with who writes, and a removal ends him.</summary>
    public Task<OpenContainer> OpenToWriteAsync(string container, CancellationToken cancellationToken) =>
        OpenAsync(container, found => OpenToWriteAsync(container, found, cancellationToken), cancellationToken);

    private async Task<OpenContainer> OpenToWriteAsync(string asked, Container container, CancellationToken cancellationToken)
    {
        var hold = await roots.HoldAsync(container.Id, container.Layers, cancellationToken);
        try
        {
            return new OpenContainer(asked, container, await views.OpenToWriteAsync(container, cancellationToken), hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    private async Task<OpenContainer> OpenAsync(string container, Func<Container, Task<OpenContainer>> open, CancellationToken cancellationToken)
    {
        var id = lookup.Find(container).Id;
        using var turn = await locks.EnterAsync(id, cancellationToken);
        var found = lookup.Find(id.ToString());
        if (found.State.Phase is ContainerPhase.Dead or ContainerPhase.Removing)
            throw EngineException.Conflict($"You cannot copy files of container {id.Short}: it is being removed", "container state improper");
        // Its files are its processes' business: nothing has to wait for a copy.
        if (OfProcess(found) is { } running) return new OpenContainer(container, found, running, null);
        if (found.State.Generation == 0) await FillVolumesAsync(found, cancellationToken);
        return await open(found);
    }

    private IContainerView? OfProcess(Container container)
    {
        if (!container.State.IsUp || views.OpenProcess(container.State.Pid) is not { } view) return null;
        // Looked at after the opening: had the number been given to another process before, this one would be gone.
        if (runtime.IsAlive(container.State.Pid, container.State.PidStartTime)) return view;
        view.Dispose();
        return null;
    }

    /// <summary>What the first start would do: else files copied to a volume would keep the image's out of it.</summary>
    private async Task FillVolumesAsync(Container container, CancellationToken cancellationToken)
    {
        var wanted = container.Mounts.Where(mount => mount is { Kind: MountKind.Volume, NoCopy: false, Subpath: "" }).ToList();
        if (wanted.Count == 0) return;
        var root = await roots.MountAsync(container.Id, container.Layers, cancellationToken);
        try
        {
            foreach (var mount in wanted) await volumes.CopyUpAsync(mount.VolumeName, root, mount.Target, cancellationToken);
        }
        finally
        {
            await roots.UnmountAsync(container.Id, CancellationToken.None);
        }
    }
}

/// <summary>A container whose files can be reached until it is disposed, also while others start or stop it.</summary>
public sealed class OpenContainer(string asked, Container container, IContainerView view, IRootHold? hold) : IDisposable
{
    /// <summary>As the caller named it.</summary>
    public string Asked => asked;

    public Container Container => container;

    public string Root => view.Root;

    /// <summary>Fires when the container is being removed.</summary>
    public CancellationToken Lost => hold?.Lost ?? CancellationToken.None;

    public void Dispose()
    {
        view.Dispose();
        hold?.Dispose();
    }
}
