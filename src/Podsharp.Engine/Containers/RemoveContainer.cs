using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers.Launch;

namespace Podsharp.Engine.Containers;

public sealed class RemoveContainer(
    ContainerLookup lookup, ContainerLocks locks, ContainerStop stop, RestartSchedule restarts, ContainerRemoval removal, IContainerStore containers)
{
    public async Task RunAsync(RemoveContainerRequest request, CancellationToken cancellationToken)
    {
        var next = lookup.Find(request.Container);
        while (next is { } container)
        {
            if (container.State.IsRunning)
            {
                if (!request.Force)
                    throw EngineException.Conflict(
                        $"cannot remove container \"/{container.Name}\": container is {StateText(container)}{WayOut(container)}",
                        "container state improper");
                await restarts.CancelAsync(container, cancellationToken);
                await stop.KillAsync(container, cancellationToken);
            }

            next = await RemoveLockedAsync(container.Id, request, cancellationToken);
        }
    }

    /// <returns>The container where somebody has started it meanwhile, which is judged anew.</returns>
    private async Task<Container?> RemoveLockedAsync(ContainerId id, RemoveContainerRequest request, CancellationToken cancellationToken)
    {
        using var held = await locks.EnterAsync(id, cancellationToken);
        // Auto-removal, or another caller, may have come first: what was asked for is then done.
        if (containers.Find(id) is not { } container) return null;
        if (container.State.IsUp) return container;
        await removal.RemoveAsync(container, request.Volumes, CancellationToken.None);
        return null;
    }

    private static string WayOut(Container container) => container.State.Phase == ContainerPhase.Paused
        ? " and must be unpaused first"
        : ": stop the container before removing or force remove";

    private static string StateText(Container container) => container.State.Phase.ToString().ToLowerInvariant();
}
