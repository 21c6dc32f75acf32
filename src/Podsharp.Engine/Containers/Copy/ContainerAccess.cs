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
    public async Task<OpenContainer> OpenAsync(string container, CancellationToken cancellationToken)
    {
        var id = lookup.Find(container).Id;
        var turn = await locks.EnterAsync(id, cancellationToken);
        try
        {
            var found = lookup.Find(id.ToString());
            if (found.State.Phase is ContainerPhase.Dead or ContainerPhase.Removing)
                throw EngineException.Conflict($"You cannot copy files of container {id.Short}: it is being removed", "container state improper");
            if (OfProcess(found) is { } running)
            {
                // Its files are its processes' business: nothing has to wait for a copy.
                turn.Dispose();
                return new OpenContainer(container, found, running, null);
            }

            if (found.State.Generation == 0) await FillVolumesAsync(found, cancellationToken);
            return new OpenContainer(container, found, await views.OpenAsync(found, cancellationToken), turn);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
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

/// <summary>A container whose files can be reached until it is disposed. One that is down doesn't start meanwhile, unless it is let go.</summary>
public sealed class OpenContainer(string asked, Container container, IContainerView view, IDisposable? turn) : IDisposable
{
    private IDisposable? _turn = turn;

    /// <summary>As the caller named it.</summary>
    public string Asked => asked;

    public Container Container => container;

    public string Root => view.Root;

    /// <summary>The files are only read from now on.</summary>
    public void LetGo()
    {
        _turn?.Dispose();
        _turn = null;
    }

    public void Dispose()
    {
        view.Dispose();
        LetGo();
    }
}
