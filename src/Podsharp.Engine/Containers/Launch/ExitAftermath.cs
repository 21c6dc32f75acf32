using Podsharp.Core.Containers;
using Podsharp.Core.Logs;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Health;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>What follows an exit: clean-up, and then restart or removal.</summary>
public sealed class ExitAftermath(
    IContainerStore containers, ContainerLocks locks, ContainerCleanup cleanup, RestartSchedule restarts, ContainerRemoval removal,
    HealthMonitor health, IContainerLogs logs)
{
    public ContainerLocks Locks => locks;

    /// <summary>The container that this exit is news for; null when another start or a removal came between.</summary>
    public Container? Current(ContainerExit exit) =>
        containers.Find(exit.Id) is { State.IsUp: true } container && container.State.Generation == exit.Generation ? container : null;

    /// <summary>The caller holds the container's lock.</summary>
    public async Task RunAsync(Container container)
    {
        health.Ended(container.Id);
        logs.Release(container.Id);
        container = await cleanup.RunAsync(container);
        if (container.State.Phase == ContainerPhase.Restarting) restarts.Resume(container);
        else if (container.Spec.AutoRemove && !restarts.ByHand.Contains(container)) await removal.RemoveAsync(container, volumes: true, CancellationToken.None);
    }
}
