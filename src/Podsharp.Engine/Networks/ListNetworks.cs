using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Core.Queries;

namespace Podsharp.Engine.Networks;

/// <summary>Filters: name and id (a part of it), driver, label, type (builtin or custom), scope, dangling (no container is on it).</summary>
public sealed class ListNetworks(NetworkCatalog catalog, IContainerStore containers)
{
    public async Task<IReadOnlyList<Network>> RunAsync(Filters filters, CancellationToken cancellationToken)
    {
        filters.Knowing("name", "id", "driver", "label", "label!", "type", "scope", "dangling");
        var dangling = filters.Flag("dangling");
        var all = await catalog.AllAsync(cancellationToken);
        return
        [
            .. all
                .Where(network => filters.AnyOf("name", text => network.Name.Contains(text, StringComparison.Ordinal)))
                .Where(network => filters.AnyOf("id", text => network.Id.StartsWith(text, StringComparison.Ordinal)))
                .Where(network => filters.AnyOf("driver", text => network.Driver == text))
                .Where(network => filters.AnyOf("type", text => network.Predefined ? text == "builtin" : text == "custom"))
                .Where(network => filters.AnyOf("scope", text => text == "local"))
                .Where(network => filters.MatchesLabels(network.Labels))
                .Where(network => dangling is null || dangling == (!network.Predefined && !IsUsed(network)))
                .OrderBy(network => network.Created),
        ];
    }

    private bool IsUsed(Network network) =>
        containers.All.Any(container => container.State.Endpoints.Any(endpoint => endpoint.NetworkId == network.Id));
}
