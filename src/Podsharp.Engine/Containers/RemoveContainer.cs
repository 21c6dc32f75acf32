using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers.Launch;

namespace Podsharp.Engine.Containers;

public sealed class RemoveContainer(
    ContainerLookup lookup, ContainerLocks locks, ContainerStop stop, RestartSchedule restarts, ContainerRemoval removal, IContainerStore containers)
{
    public async Task RunAsync(RemoveContainerRequest request, CancellationToken cancellationToken)
    {
        var container = lookup.Find(request.Container);
        if (container.State.IsRunning)
        {
            if (!request.Force)
                throw EngineException.Conflict(
                    $"cannot remove container \"/{container.Name}\": container is {StateText(container)}{WayOut(container)}",
                    "container state improper");
            await restarts.CancelAsync(container, cancellationToken);
            await stop.KillAsync(container, cancellationToken);
            await RemoveLockedAsync(container.Id, request, cancellationToken);
            return;
        }

        await RemoveLockedAsync(container.Id, request, cancellationToken);
    }

    private async Task RemoveLockedAsync(ContainerId id, RemoveContainerRequest request, CancellationToken cancellationToken)
    {
        using var held = await locks.EnterAsync(id, cancellationToken);
        // Auto-removal, or another caller, may have come first: what was asked for is then done.
        if (containers.Find(id) is not { } container) return;
        if (container.State.IsUp)
            throw EngineException.Conflict(
                $"cannot remove container \"/{container.Name}\": it was started again meanwhile", "container state improper");
        await removal.RemoveAsync(container, request.Volumes, CancellationToken.None);
    }

    private static string WayOut(Container container) => container.State.Phase == ContainerPhase.Paused
        ? " and must be unpaused first"
        : ": stop the container before removing or force remove";

    private static string StateText(Container container) => container.State.Phase.ToString().ToLowerInvariant();
}
