using Podsharp.Core.Containers;
using Podsharp.Engine.Containers.Commit;
using Podsharp.Engine.Networks;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>Finishes one container's interrupted start, exit, restart, commit or removal.</summary>
public sealed class RecoveryWork(ContainerLocks locks, ContainerCleanup cleanup, ContainerRemoval removal, RestartSchedule restarts, ContainerStill still, LiveEndpoints live)
{
    public ValueTask<ContainerLocks.Held> Enter(ContainerId id) => locks.EnterAsync(id, CancellationToken.None);

    /// <summary>The caller holds the container's lock.</summary>
    public async Task FinishAsync(Container container)
    {
        if (container.State.IsUp) await live.SettleAsync(container);
        if (container.State.ThawOwed) await still.ThawAsync(container);
        if (container.State.IsUp) return;

        var phase = container.State.Phase;
        if (phase == ContainerPhase.Removing)
        {
            await removal.RemoveAsync(container, volumes: container.Spec.AutoRemove, CancellationToken.None);
            return;
        }

        if (container.State.CleanupOwed) container = await cleanup.RunAsync(container);
        if (phase == ContainerPhase.Restarting) restarts.Resume(container);
        else if (container.State.Rebooted && await restarts.PlanAtBootAsync(container)) return;
        else if (phase == ContainerPhase.Exited && await restarts.PlanAsync(container)) return;
        else if (phase == ContainerPhase.Exited && container.Spec.AutoRemove)
            await removal.RemoveAsync(container, volumes: true, CancellationToken.None);
    }
}
