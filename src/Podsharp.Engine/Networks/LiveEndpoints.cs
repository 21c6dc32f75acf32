using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Engine.Containers.Launch;

namespace Podsharp.Engine.Networks;

/// <summary>
/// Puts a container that runs on one more network and takes it off one; its other networks and other containers are not touched. While that
/// goes on the place is recorded as unsettled, and a place that is found so later is taken away. The caller holds the container's lock.
/// </summary>
public sealed class LiveEndpoints(
    NetworkPlanner planner, ContainerNetworking networking, LiveNetworkFiles files, NetworkCatalog networks, ContainerStates states)
{
    /// <summary>All or nothing. <paramref name="define"/> writes the new definition, <paramref name="next"/>, once the place stands.</summary>
    public async Task ConnectAsync(Container container, Network network, EndpointSpec request, NetworkSpec next, Func<Task> define)
    {
        var (endpoint, ports) = await planner.PlanPlaceAsync(container, network, request, CancellationToken.None);
        var before = await PairsAsync(container.State.Endpoints);
        var was = container.State;
        container = await RecordAsync(container, endpoint, ports);
        try
        {
            await networking.SetUpAsync(container, endpoint, network, CancellationToken.None);
            files.Update(container, before, container with { Spec = container.Spec with { Network = next } }, [.. before, (endpoint, network)]);
            await define();
            await states.SaveAsync(container, container.State with { Endpoints = [.. was.Endpoints, endpoint] }, CancellationToken.None);
        }
        catch
        {
            await TakeAwayAsync(container, endpoint);
            throw;
        }
    }

    /// <summary>Once begun it is finished, by the next start of the service if need be. <paramref name="define"/> writes the new definition.</summary>
    public async Task DisconnectAsync(Container container, Endpoint endpoint, Func<Task> define)
    {
        container = await states.SaveAsync(
            container, container.State with { Endpoints = [.. container.State.Endpoints.Select(other => other == endpoint ? other with { Unsettled = true } : other)] }, CancellationToken.None);
        await define();
        await TakeAwayAsync(container, endpoint);
    }

    /// <summary>Takes away what a service that died left between two states.</summary>
    public async Task SettleAsync(Container container)
    {
        foreach (var endpoint in container.State.Endpoints.Where(endpoint => endpoint.Unsettled))
            container = await TakeAwayAsync(container, endpoint);
    }

    private async Task<Container> RecordAsync(Container container, Endpoint endpoint, IReadOnlyList<PublishedPort> ports)
    {
        try
        {
            var state = container.State with { Endpoints = [.. container.State.Endpoints, endpoint with { Unsettled = true }], Ports = ports };
            return await states.SaveAsync(container, state, CancellationToken.None);
        }
        catch
        {
            planner.Release(container.Id, endpoint.NetworkId, portsToo: container.State.Ports.Count == 0);
            throw;
        }
    }

    private async Task<Container> TakeAwayAsync(Container container, Endpoint endpoint)
    {
        var state = container.State;
        var before = await PairsAsync(state.Endpoints);
        var after = before.Where(pair => pair.Endpoint.NetworkId != endpoint.NetworkId).ToList();
        foreach (var (own, network) in before.Where(pair => pair.Endpoint.NetworkId == endpoint.NetworkId))
            await networking.TearDownAsync(container, own, network, CancellationToken.None);
        files.Update(container, before, container, after);
        var portsLeft = after.Any(pair => pair.Network.CarriesPorts());
        planner.Release(container.Id, endpoint.NetworkId, portsToo: !portsLeft);
        return await states.SaveAsync(
            container,
            state with
            {
                Endpoints = [.. state.Endpoints.Where(other => other.NetworkId != endpoint.NetworkId)],
                Ports = portsLeft ? state.Ports : [],
            },
            CancellationToken.None);
    }

    private async Task<List<(Endpoint Endpoint, Network Network)>> PairsAsync(IReadOnlyList<Endpoint> endpoints)
    {
        var all = await networks.AllAsync(CancellationToken.None);
        return [.. from endpoint in endpoints from network in all where network.Id == endpoint.NetworkId select (endpoint, network)];
    }
}
