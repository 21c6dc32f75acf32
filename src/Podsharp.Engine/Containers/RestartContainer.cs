using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers;

/// <summary>Stops a container, if it runs, and starts it again.</summary>
public sealed class RestartContainer(
    ContainerLookup lookup, ContainerLocks locks, ContainerStop stop, RestartSchedule restarts, StartContainer start, EventPublisher events)
{
    public async Task RunAsync(RestartContainerRequest request, CancellationToken cancellationToken)
    {
        if (request.Signal is { } signal) Signals.Parse(signal);
        var container = lookup.Find(request.Container);
        if (container.State.Phase is ContainerPhase.Removing or ContainerPhase.Dead)
            throw EngineException.Conflict($"container {container.Name} is being removed and cannot be restarted");
        if (container.State.Phase == ContainerPhase.Restarting) container = await restarts.CancelAsync(container, cancellationToken) ?? container;
        using var restart = restarts.ByHand.Begin(container);
        // What is removed at its end would be neither up nor removed if the caller went away between the two halves.
        if (container.Spec.AutoRemove) cancellationToken = CancellationToken.None;
        if (container.State.IsUp)
        {
            await stop.RunAsync(container, request.Timeout, request.Signal, cancellationToken);
            using (await locks.EnterAsync(container.Id, cancellationToken)) events.Container(container, "stop");
        }

        await start.RunAsync(new StartContainerRequest(container.Id.ToString()), cancellationToken);
        events.Container(container, "restart");
    }
}
