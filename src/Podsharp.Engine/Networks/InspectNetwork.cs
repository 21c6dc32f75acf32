using Podsharp.Core.Containers;

namespace Podsharp.Engine.Networks;

public sealed class InspectNetwork(NetworkCatalog catalog, IContainerStore containers)
{
    public async Task<NetworkInspection> RunAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var network = await catalog.GetAsync(nameOrId, cancellationToken);
        return new NetworkInspection(
            network,
            [
                .. from container in containers.All
                   from endpoint in container.State.Endpoints
                   where endpoint.NetworkId == network.Id && container.State.IsUp
                   select (container, endpoint),
            ]);
    }
}
