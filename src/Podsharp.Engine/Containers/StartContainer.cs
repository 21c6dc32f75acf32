using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers.Launch;

namespace Podsharp.Engine.Containers;

/// <summary>Starts a container that is down.</summary>
public sealed class StartContainer(
    ContainerLookup lookup, ContainerLocks locks, ContainerLauncher launcher, ContainerCleanup cleanup, ContainerRemoval removal)
{
    /// <summary>Once begun, a start is finished even when the caller goes away.</summary>
    public async Task<StartOutcome> RunAsync(StartContainerRequest request, CancellationToken cancellationToken)
    {
        var id = lookup.Find(request.Container).Id;
        using var held = await locks.EnterAsync(id, cancellationToken);
        var container = lookup.Find(id.ToString());
        if (container.State.IsUp)
            return container.State.Phase == ContainerPhase.Paused
                ? throw EngineException.Conflict("cannot start a paused container, try unpause instead")
                : StartOutcome.AlreadyRunning;
        if (container.State.Phase is ContainerPhase.Removing or ContainerPhase.Dead)
            throw EngineException.Conflict($"container {container.Name} is being removed and cannot be started");

        if (container.State.CleanupOwed) container = await cleanup.RunAsync(container);
        container = container with { State = container.State with { RestartCount = 0, RestartDelay = TimeSpan.Zero } };
        try
        {
            await launcher.LaunchAsync(container, CancellationToken.None);
        }
        catch when (container.Spec.AutoRemove)
        {
            await removal.RemoveAsync(lookup.Refresh(container), volumes: true, CancellationToken.None);
            throw;
        }

        return StartOutcome.Started;
    }
}
