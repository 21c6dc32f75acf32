using Podsharp.Core.Containers;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Health;

/// <summary>Keeps what probes said in the container's state, so that a later service goes on from it.</summary>
public sealed class HealthRecords(IContainerStore containers, ContainerLocks locks, EventPublisher events)
{
    /// <summary>The container as it is now; null when that run of it is over.</summary>
    internal Container? Current(Container watched) =>
        containers.Find(watched.Id) is { State.IsUp: true } now && now.State.Generation == watched.State.Generation ? now : null;

    /// <summary>Nothing when the run is over, or the container was paused meanwhile: then the probe says nothing about it.</summary>
    internal async Task AddAsync(Container watched, ProbeResult result, int retries, bool forgiving, CancellationToken cancellationToken)
    {
        using var held = await locks.EnterAsync(watched.Id, cancellationToken);
        if (Current(watched) is not { State.Phase: ContainerPhase.Running } now) return;
        var before = now.State.Health ?? ContainerHealth.Initial;
        var after = before.After(result, retries, forgiving);
        await containers.SaveStateAsync(now.Id, now.State with { Health = after }, CancellationToken.None);
        if (after.Status != before.Status) events.Container(now, "health_status: " + after.Status.ToString().ToLowerInvariant());
    }
}
