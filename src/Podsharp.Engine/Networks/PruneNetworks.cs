using Podsharp.Core.Containers;
using Podsharp.Core.Events;
using Podsharp.Core.Networks;
using Podsharp.Core.Queries;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Networks;

/// <param name="Until">Only networks made before this; null: all.</param>
/// <param name="Filters">label, label!.</param>
public sealed record PruneNetworksRequest(DateTimeOffset? Until, Filters Filters);

/// <summary>Removes the networks that no container, running or not, wants to be on. Answers their names.</summary>
public sealed class PruneNetworks(NetworkCatalog catalog, IContainerStore containers, NetworkRemoval removal, EventPublisher events)
{
    public async Task<IReadOnlyList<string>> RunAsync(PruneNetworksRequest request, CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        foreach (var network in await catalog.AllAsync(cancellationToken))
        {
            if (network.Predefined || network.Created >= request.Until || !request.Filters.MatchesLabels(network.Labels) || IsWanted(network)) continue;
            if (await removal.TryRemoveAsync(network, cancellationToken)) removed.Add(network.Name);
        }

        events.Pruned(EventSubject.Network, 0);
        return removed;
    }

    private bool IsWanted(Network network) => containers.All.Any(container =>
        container.State.Endpoints.Any(endpoint => endpoint.NetworkId == network.Id)
        || container.Spec.Network.Places().Keys.Any(name => name == network.Name || name == network.Id));
}
