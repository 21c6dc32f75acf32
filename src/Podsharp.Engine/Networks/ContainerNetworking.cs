using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Networks;

/// <summary>
/// One container's networking over its life: set up, tear down. The order of a start is: <see cref="NetworkPlanner.PlanAsync"/>, the files
/// of <see cref="ContainerNetworkFiles"/>, a namespace when <see cref="NetworkPlan.OwnsNamespace"/>, then <see cref="SetUpAsync"/>.
/// When anything fails after the plan, <see cref="UndoAsync"/> takes all of it back.
/// </summary>
public sealed class ContainerNetworking(
    NetworkPlanner planner, NetworkCatalog networks, INetworkDriver driver, INetworkNamespaces namespaces, EventPublisher events)
{
    /// <summary>Puts the namespace on the plan's networks; nothing to do for other kinds. On failure nothing of it is left but the plan's reservations.</summary>
    public async Task SetUpAsync(Container container, NetworkPlan plan, string namespacePath, CancellationToken cancellationToken)
    {
        if (plan.Kind != NetworkPlanKind.Networks) return;
        await driver.SetUpAsync(Attachment(container, namespacePath, plan.Endpoints, plan.Ports), cancellationToken);
        foreach (var (_, network) in plan.Endpoints) Tell(container, network, "connect");
    }

    /// <summary>
    /// For a start that failed before its state was saved: tears down what stands, removes the namespace (an empty path: there is none
    /// yet) and releases addresses and ports.
    /// </summary>
    public Task UndoAsync(Container container, NetworkPlan plan, string namespacePath, CancellationToken cancellationToken) =>
        TearDownAsync(container, namespacePath, namespacePath.Length == 0 ? [] : plan.Endpoints, plan.Ports, cancellationToken);

    /// <summary>
    /// Takes the container off its networks and removes its namespace, by its saved state (Endpoints, Ports, NetworkNamespace); its
    /// addresses and ports are free only after that. Safe to repeat. Its processes should be gone.
    /// </summary>
    public async Task TearDownAsync(Container container, CancellationToken cancellationToken)
    {
        var state = container.State;
        var places = await PlacesAsync(container, cancellationToken);
        await TearDownAsync(container, state.NetworkNamespace, places, state.Ports, cancellationToken);
        foreach (var (_, network) in places) Tell(container, network, "disconnect");
    }

    /// <summary>Makes the firewall rules of a running container anew, by its saved state; its interfaces and connections stay.</summary>
    public async Task RestoreAsync(Container container, CancellationToken cancellationToken)
    {
        var places = await PlacesAsync(container, cancellationToken);
        if (places.Count == 0) return;
        await driver.RestoreAsync(Attachment(container, container.State.NetworkNamespace, places, container.State.Ports), cancellationToken);
    }

    /// <summary>Neighbours of a running container find it by its new name, and no longer by its old one.</summary>
    /// <param name="container">With its new name.</param>
    public async Task RenameAsync(Container container, CancellationToken cancellationToken)
    {
        var places = (await PlacesAsync(container, cancellationToken)).Where(static pair => pair.Network.DnsEnabled).ToList();
        if (places.Count == 0) return;
        await driver.RenameAsync(Attachment(container, container.State.NetworkNamespace, places, []), cancellationToken);
    }

    /// <summary>Puts a container that runs on one more network, by what <see cref="NetworkPlanner.PlanPlaceAsync"/> chose. On failure nothing of it is left but the reservations.</summary>
    public async Task SetUpAsync(Container container, Endpoint endpoint, Network network, CancellationToken cancellationToken)
    {
        await driver.SetUpAsync(await OneAsync(container, endpoint, network, cancellationToken), cancellationToken);
        Tell(container, network, "connect");
    }

    /// <summary>Takes a container that runs off one of its networks; what was reserved stays so. Safe to repeat.</summary>
    public async Task TearDownAsync(Container container, Endpoint endpoint, Network network, CancellationToken cancellationToken)
    {
        await driver.TearDownAsync(await OneAsync(container, endpoint, network, cancellationToken), cancellationToken);
        Tell(container, network, "disconnect");
    }

    private async Task<NetworkAttachment> OneAsync(Container container, Endpoint endpoint, Network network, CancellationToken cancellationToken)
    {
        var others = (await PlacesAsync(container, cancellationToken)).Where(pair => pair.Network.Id != network.Id);
        return Attachment(container, container.State.NetworkNamespace, [(endpoint, network)], container.State.Ports) with { KeepsPorts = others.Any(pair => pair.Network.CarriesPorts()) };
    }

    private void Tell(Container container, Network network, string action) => events.Network(network, action, ("container", container.Id.ToString()));

    private async Task<List<(Endpoint Endpoint, Network Network)>> PlacesAsync(Container container, CancellationToken cancellationToken)
    {
        if (container.State.Endpoints.Count == 0) return [];
        var all = await networks.AllAsync(cancellationToken);
        return [.. from endpoint in container.State.Endpoints from network in all where network.Id == endpoint.NetworkId select (endpoint, network)];
    }

    private async Task TearDownAsync(
        Container container,
        string namespacePath,
        IReadOnlyList<(Endpoint, Network)> endpoints,
        IReadOnlyList<PublishedPort> published,
        CancellationToken cancellationToken)
    {
        if (endpoints.Count > 0) await driver.TearDownAsync(Attachment(container, namespacePath, endpoints, published), cancellationToken);
        if (namespacePath.Length > 0) await namespaces.RemoveAsync(namespacePath, cancellationToken);
        planner.Release(container.Id);
    }

    private static NetworkAttachment Attachment(
        Container container, string namespacePath, IReadOnlyList<(Endpoint Endpoint, Network Network)> endpoints, IReadOnlyList<PublishedPort> published) => new()
    {
        ContainerId = container.Id,
        ContainerName = container.Name,
        Hostname = container.Spec.Hostname.Length > 0 ? container.Spec.Hostname : container.Id.Short,
        NamespacePath = namespacePath,
        Endpoints = endpoints,
        Ports = endpoints.Any(pair => pair.Network.CarriesPorts()) ? published : [],
        DnsServers = endpoints.Any(pair => pair.Network.DnsEnabled) ? container.Spec.Network.Dns : [],
        IsShutIn = endpoints.All(pair => pair.Network.Internal),
    };
}
