using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;

namespace Podsharp.Engine.Networks;

/// <param name="Force">Told apart only in the words for a container that is not there: a disconnection always finishes.</param>
public sealed record DisconnectNetworkRequest(string Network, string Container, bool Force);

/// <summary>Takes a container off a network, from its definition too; off its last one it has a loopback only.</summary>
public sealed class DisconnectNetwork(
    ContainerLookup lookup, ContainerLocks locks, NetworkCatalog networks, IContainerStore containers, LiveEndpoints live)
{
    public async Task RunAsync(DisconnectNetworkRequest request, CancellationToken cancellationToken)
    {
        if (request.Container.Length == 0) throw EngineException.InvalidInput("invalid name or ID supplied: \"\"");
        var id = (lookup.TryFind(request.Container) ?? throw NotThere(request)).Id;
        using var held = await locks.EnterAsync(id, cancellationToken);
        var container = lookup.Find(id.ToString());
        var network = await networks.GetAsync(request.Network, cancellationToken);
        NetworkPlaces.CheckDisconnect(container, network);

        if (container.State.IsUp && NetworkPlaces.Live(container, network) is { } endpoint)
            await live.DisconnectAsync(container, endpoint, DefineAsync);
        else await DefineAsync();

        Task DefineAsync() => containers.ReplaceAsync(
            container with { Spec = container.Spec with { Network = NetworkPlaces.Without(container.Spec.Network, network) } },
            CancellationToken.None).AsTask();
    }

    private static EngineException NotThere(DisconnectNetworkRequest request) => request.Force
        ? new EngineException(ErrorKind.NotFound, $"endpoint {request.Container} not found", "no such container")
        : EngineException.NoSuchContainer(request.Container);
}
