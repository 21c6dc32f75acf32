using Podsharp.Core.Containers;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers;

/// <summary>Stops a container and waits until its clean-up is done.</summary>
public sealed class StopContainer(ContainerLookup lookup, ContainerStop stop, RestartSchedule restarts, EventPublisher events)
{
    public async Task<StopOutcome> RunAsync(StopContainerRequest request, CancellationToken cancellationToken)
    {
        var container = lookup.Find(request.Container);
        if (container.State is { IsUp: false, Phase: not ContainerPhase.Restarting }) return StopOutcome.AlreadyStopped;
        if (request.Signal is { } signal) Signals.Parse(signal);
        if (container.State.Phase == ContainerPhase.Restarting)
        {
            if (await restarts.CancelAsync(container, cancellationToken) is not { State.IsUp: true } up) return StopOutcome.Stopped;
            container = up;
        }

        await stop.RunAsync(container, request.Timeout, request.Signal, cancellationToken);

        // The exit handler holds the lock until network and mounts are gone; where the process ended by itself just before, it has planned a restart.
        await restarts.CancelAsync(container, cancellationToken);
        events.Container(container, "stop");
        return StopOutcome.Stopped;
    }
}
