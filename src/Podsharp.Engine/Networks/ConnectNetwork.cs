using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Engine.Containers;

namespace Podsharp.Engine.Networks;

public sealed record ConnectNetworkRequest(string Network, string Container, EndpointSpec Endpoint);

/// <summary>
/// Puts a container on a network: at once where it runs, else from its next start on. Forbidden when it is on it already and runs;
/// InvalidInput where its network is not its own.
/// </summary>
public sealed class ConnectNetwork(
    ContainerLookup lookup, ContainerLocks locks, NetworkCatalog networks, IContainerStore containers, LiveEndpoints live, ContainerLinks links)
{
    public async Task RunAsync(ConnectNetworkRequest request, CancellationToken cancellationToken)
    {
        if (request.Container.Length == 0) throw EngineException.InvalidInput("invalid name or ID supplied: \"\"");
        var id = lookup.Find(request.Container).Id;
        using var held = await locks.EnterAsync(id, cancellationToken);
        var container = lookup.Find(id.ToString());
        var network = await networks.GetAsync(request.Network, cancellationToken);
        NetworkPlaces.CheckConnect(container, network, request.Endpoint);
        links.Check(new NetworkSpec { Links = request.Endpoint.Links });
        if (NetworkPlaces.Live(container, network) is not null)
            throw new EngineException(ErrorKind.Forbidden, $"endpoint with name {container.Name} already exists in network {network.Name}");

        var next = NetworkPlaces.With(container.Spec.Network, network, request.Endpoint);
        if (container.State.IsUp) await live.ConnectAsync(container, network, request.Endpoint, next, DefineAsync);
        else await DefineAsync();

        Task DefineAsync() =>
            containers.ReplaceAsync(container with { Spec = container.Spec with { Network = next } }, CancellationToken.None).AsTask();
    }
}
