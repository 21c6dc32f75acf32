using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers;

/// <summary>A container's whole root as one tar, whether it runs or not; volumes and other mounts are not part of it.</summary>
public sealed class ExportContainer(
    ContainerLookup lookup, ContainerLocks locks, IRootFileSystems roots, IContainerArchives archives, EventPublisher events)
{
    public async Task<IOutgoingArchive> RunAsync(string container, CancellationToken cancellationToken)
    {
        var id = lookup.Find(container).Id;
        using var held = await locks.EnterAsync(id, cancellationToken);
        var found = lookup.Find(id.ToString());
        if (found.State.Phase is ContainerPhase.Dead or ContainerPhase.Removing)
            throw EngineException.Conflict($"You cannot export container {id.Short}: it is being removed", "container state improper");

        var root = await roots.MountAsync(id, found.Layers, cancellationToken);
        try
        {
            var archive = archives.OpenRoot(root);
            events.Container(found, "export");
            return archive;
        }
        finally
        {
            // The archive keeps what it opened; a start and a removal need not wait for it.
            if (!found.State.IsUp) await roots.UnmountAsync(id, CancellationToken.None);
        }
    }
}
