using Microsoft.Extensions.Logging;
using Podsharp.Core.Containers;
using Podsharp.Core.Logs;
using Podsharp.Core.Runtime;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Health;
using Podsharp.Engine.Networks;
using Podsharp.Engine.System;

namespace Podsharp.Engine.Containers;

/// <summary>
/// Takes up what an earlier service left: running containers are watched again, half-made starts and removals are finished. Must be
/// called once, before the first request is served.
/// </summary>
public sealed partial class RecoverContainers(
    IContainerStore containers,
    IExitWatcher exits,
    NetworkPlanner networks,
    RecoveryWork work,
    HealthMonitor health,
    IContainerLogs logs,
    PendingDuties duties,
    ILogger<RecoverContainers> logger)
{
    /// <summary>Returns at once; what takes time goes on in the background under each container's lock, ahead of any request for it.</summary>
    public void Run()
    {
        foreach (var container in containers.All)
        {
            var state = container.State;
            if (state.IsUp)
            {
                networks.Adopt(container);
                health.Watch(container);
                logs.Keep(container, LogOptions.Files(container.Spec.Log), LogOptions.Compress(container.Spec.Log));
                if (state.ThawOwed || state.Endpoints.Any(endpoint => endpoint.Unsettled)) _ = FinishAsync(container, work.Enter(container.Id));
                exits.Watch(container.Id, state.Generation, state.Pid, state.PidStartTime);
            }
            else if (NeedsWork(container))
            {
                networks.Adopt(container);
                _ = FinishAsync(container, work.Enter(container.Id));
            }
        }
    }

    private static bool NeedsWork(Container container) =>
        container.State.CleanupOwed
        || (container.State.Rebooted && RestartRules.WantsAtBoot(container.Spec.RestartPolicy, container.State))
        || container.State.Phase is ContainerPhase.Removing or ContainerPhase.Restarting
        || (container.State.Phase == ContainerPhase.Exited && container.Spec.AutoRemove);

    private async Task FinishAsync(Container container, ValueTask<ContainerLocks.Held> entering)
    {
        using var duty = duties.Begin($"recovery of container {container.Id.Short}");
        try
        {
            using var held = await entering;
            await work.FinishAsync(container);
        }
        catch (Exception error)
        {
            Log.Failed(logger, container.Id.ToString(), error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "What an earlier service left of container {Id} could not be finished")]
        public static partial void Failed(ILogger logger, string id, Exception error);
    }
}
