using Podsharp.Core.Containers;
using Podsharp.Core.Storage;
using Podsharp.Engine.Events;
using Podsharp.Engine.Volumes;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>Removes a container that is down; finished at the next start of the service if this one dies in the middle.</summary>
public sealed class ContainerRemoval(
    IContainerStore containers,
    IRootFileSystems roots,
    ContainerCleanup cleanup,
    ContainerWaiters waiters,
    DiscardVolumes discardVolumes,
    EventPublisher events)
{
    /// <summary>The caller holds the container's lock.</summary>
    public async Task RemoveAsync(Container container, bool volumes, CancellationToken cancellationToken)
    {
        await containers.SaveStateAsync(container.Id, container.State with { Phase = ContainerPhase.Removing }, cancellationToken);
        if (container.State.CleanupOwed) await cleanup.RunAsync(container with { State = container.State with { Phase = ContainerPhase.Removing } });
        await roots.RemoveAsync(container.Id, cancellationToken);
        await containers.RemoveAsync(container.Id, cancellationToken);
        if (volumes) await discardVolumes.RunAsync(container, cancellationToken);
        events.Container(container, "destroy");
        waiters.Removed(container.Id, container.State.ExitCode);
    }
}
