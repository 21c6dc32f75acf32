using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Networks;

/// <param name="Force">No error when there is no such network.</param>
public sealed record RemoveNetworkRequest(string Network, bool Force);

/// <summary>Forbidden for a predefined network and for one that containers are on.</summary>
public sealed class RemoveNetwork(NetworkCatalog catalog, NetworkRemoval removal, AddressPool addresses, IContainerStore containers)
{
    private const int ShortId = 12;

    public async Task RunAsync(RemoveNetworkRequest request, CancellationToken cancellationToken)
    {
        Network network;
        try
        {
            network = await catalog.GetAsync(request.Network, cancellationToken);
        }
        catch (EngineException exception) when (request.Force && exception.Kind == ErrorKind.NotFound)
        {
            return;
        }

        if (network.Predefined)
            throw new EngineException(ErrorKind.Forbidden, $"{network.Name} is a pre-defined network and cannot be removed");
        if (!await removal.TryRemoveAsync(network, cancellationToken))
        {
            throw new EngineException(
                ErrorKind.Forbidden,
                $"error while removing network: network {network.Name} id {network.Id} has active endpoints{Users(network)}",
                "network is being used");
        }
    }

    // One that is about to start has an address and no endpoint yet.
    private string Users(Network network)
    {
        var users = addresses.Owners(network.Id)
            .Select(containers.Find)
            .OfType<Container>()
            .SelectMany(container => container.State.Endpoints.Where(endpoint => endpoint.NetworkId == network.Id).Select(endpoint => (container.Name, endpoint.EndpointId)))
            .Select(user => $"name:\"{user.Name}\" id:\"{user.EndpointId[..Math.Min(ShortId, user.EndpointId.Length)]}\"")
            .ToList();
        return users.Count > 0 ? $" ({string.Join(", ", users)})" : "";
    }
}
