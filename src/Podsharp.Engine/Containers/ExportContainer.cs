using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers;

/// <summary>A container's whole root as one tar, whether it runs or not; volumes and other mounts are not part of it.</summary>
public sealed class ExportContainer(
    ContainerLookup lookup, ContainerLocks locks, IRootFileSystems roots, IContainerViews views, IContainerArchives archives, EventPublisher events)
{
    public async Task<IOutgoingArchive> RunAsync(string container, CancellationToken cancellationToken)
    {
        var id = lookup.Find(container).Id;
        using var held = await locks.EnterAsync(id, cancellationToken);
        var found = lookup.Find(id.ToString());
        if (found.State.Phase is ContainerPhase.Dead or ContainerPhase.Removing)
            throw EngineException.Conflict($"You cannot export container {id.Short}: it is being removed", "container state improper");

        if (found.State.IsUp) return Archive(found, await roots.MountAsync(id, found.Layers, cancellationToken));
        // The archive keeps what it opened; a start and a removal need not wait for it.
        using var view = await views.OpenToReadAsync(found, mounts: false, cancellationToken);
        return Archive(found, view.Root);
    }

    private IOutgoingArchive Archive(Container container, string root)
    {
        var archive = archives.OpenRoot(root);
        events.Container(container, "export");
        return archive;
    }
}
