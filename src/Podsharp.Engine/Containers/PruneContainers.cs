using Podsharp.Core.Containers;
using Podsharp.Core.Events;
using Podsharp.Core.Queries;
using Podsharp.Core.Storage;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Containers;

/// <summary>Removes all containers that are down and match (filters until and label).</summary>
public sealed class PruneContainers(
    IContainerStore containers, ContainerLocks locks, ContainerRemoval removal, IRootFileSystems roots, EventPublisher events, TimeProvider clock)
{
    public async Task<PruneContainersOutcome> RunAsync(Filters filters, CancellationToken cancellationToken)
    {
        filters.Knowing("until", "label", "label!");
        var until = filters.Single("until") is { } text ? TimeFilter.Parse(text, clock.GetUtcNow()) : DateTimeOffset.MaxValue;
        var removed = new List<ContainerId>();
        long reclaimed = 0;
        foreach (var candidate in containers.All.Where(item => Matches(item, filters, until)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var held = await locks.EnterAsync(candidate.Id, cancellationToken);
            if (containers.Find(candidate.Id) is not { } container || !Matches(container, filters, until)) continue;
            reclaimed += await roots.SizeAsync(container.Id, cancellationToken);
            await removal.RemoveAsync(container, volumes: false, CancellationToken.None);
            removed.Add(container.Id);
        }

        events.Pruned(EventSubject.Container, reclaimed);
        return new PruneContainersOutcome(removed, reclaimed);
    }

    private static bool Matches(Container container, Filters filters, DateTimeOffset until) =>
        container.State.Phase is ContainerPhase.Created or ContainerPhase.Exited or ContainerPhase.Dead
        && container.Created < until
        && filters.MatchesLabels(container.Spec.Labels);
}
