using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Networks;

/// <summary>
/// One container's networking over its life: plan, set up, tear down. The order of a start is: <see cref="PlanAsync"/>, the files
/// of <see cref="ContainerNetworkFiles"/>, a namespace when <see cref="NetworkPlan.OwnsNamespace"/>, then <see cref="SetUpAsync"/>.
/// When anything fails after the plan, <see cref="UndoAsync"/> takes all of it back.
/// </summary>
public sealed class ContainerNetworking(
    IContainerStore containers,
    NetworkCatalog networks,
    AddressPool addresses,
    INetworkDriver driver,
    INetworkNamespaces namespaces,
    IHostPorts ports)
{
    /// <summary>
    /// Chooses networks, addresses, MACs and interface names, and reserves addresses and ports until <see cref="UndoAsync"/> or
    /// <see cref="TearDownAsync"/>. All or nothing. Internal (as clients expect it of start) when a port is taken; NotFound for a network that is gone; Conflict
    /// when the container to join does not run.
    /// </summary>
    public async Task<NetworkPlan> PlanAsync(Container container, CancellationToken cancellationToken)
    {
        var spec = container.Spec.Network;
        return spec.Mode.Kind switch
        {
            _ when spec.Disabled => Plan(container, NetworkPlanKind.Isolated),
            NamespaceKind.Host => Plan(container, NetworkPlanKind.Host),
            NamespaceKind.None or NamespaceKind.Private => Plan(container, NetworkPlanKind.Isolated),
            NamespaceKind.Container => Join(container, spec.Mode.Value),
            _ => await PlanNetworksAsync(container, cancellationToken),
        };
    }

    /// <summary>Puts the namespace on the plan's networks; nothing to do for other kinds. On failure nothing of it is left but the plan's reservations.</summary>
    public Task SetUpAsync(Container container, NetworkPlan plan, string namespacePath, CancellationToken cancellationToken) =>
        plan.Kind == NetworkPlanKind.Networks
            ? driver.SetUpAsync(Attachment(container, namespacePath, plan.Endpoints, plan.Ports), cancellationToken)
            : Task.CompletedTask;

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
        var pairs = new List<(Endpoint, Network)>();
        if (state.Endpoints.Count > 0)
        {
            var all = await networks.AllAsync(cancellationToken);
            foreach (var endpoint in state.Endpoints)
            {
                if (all.FirstOrDefault(network => network.Id == endpoint.NetworkId) is { } network) pairs.Add((endpoint, network));
            }
        }

        await TearDownAsync(container, state.NetworkNamespace, pairs, state.Ports, cancellationToken);
    }

    /// <summary>At the start of the service: the addresses and ports of a running container are in use.</summary>
    public void Adopt(Container container)
    {
        foreach (var endpoint in container.State.Endpoints) addresses.Adopt(container.Id, endpoint);
        ports.Adopt(container.Id, container.State.Ports);
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
        Release(container.Id);
    }

    private void Release(ContainerId id)
    {
        ports.Release(id);
        addresses.Release(id);
    }

    private static NetworkPlan Plan(Container container, NetworkPlanKind kind) => new() { ContainerId = container.Id, Kind = kind };

    private NetworkPlan Join(Container container, string nameOrId)
    {
        var prefixed = containers.FindByPrefix(nameOrId);
        var other = containers.FindByName(nameOrId) ?? (prefixed.Count == 1 ? prefixed[0] : throw EngineException.NoSuchContainer(nameOrId));
        if (!other.State.IsUp) throw EngineException.Conflict($"cannot join network of a non running container: {other.Id}");
        var mode = other.Spec.Network.Mode;
        return mode.Kind switch
        {
            NamespaceKind.Container when mode.Value != container.Name => Join(container, mode.Value),
            NamespaceKind.Host => Plan(container, NetworkPlanKind.Host) with { JoinedContainer = other.Id },
            _ => Plan(container, NetworkPlanKind.Joined) with { JoinedContainer = other.Id, JoinedNamespace = other.State.NetworkNamespace },
        };
    }

    private async Task<NetworkPlan> PlanNetworksAsync(Container container, CancellationToken cancellationToken)
    {
        var chosen = await ChooseNetworksAsync(container.Spec.Network, cancellationToken);
        try
        {
            var endpoints = new List<(Endpoint, Network)>();
            foreach (var (network, request) in chosen) endpoints.Add((MakeEndpoint(container, network, request, endpoints.Count), network));
            return Plan(container, NetworkPlanKind.Networks) with { Endpoints = endpoints, Ports = ReservePorts(container, endpoints[0].Item1) };
        }
        catch
        {
            Release(container.Id);
            throw;
        }
    }

    // The network of the mode comes first: it is eth0 and gives the default route.
    private async Task<List<(Network, EndpointSpec)>> ChooseNetworksAsync(NetworkSpec spec, CancellationToken cancellationToken)
    {
        var first = spec.Written.Length > 0 && !spec.Endpoints.ContainsKey(spec.Written) && spec.Endpoints.Count == 0 ? spec.Written : "";
        var names = spec.Endpoints.Count > 0 ? spec.Endpoints.Keys.ToList() : [first.Length > 0 ? first : "default"];
        var chosen = new List<(Network Network, EndpointSpec Request)>();
        foreach (var name in names.OrderBy(name => name == spec.Written ? 0 : 1).ThenByDescending(name => spec.Endpoints.GetValueOrDefault(name)?.GatewayPriority ?? 0))
        {
            var network = await networks.GetAsync(name, cancellationToken);
            if (network.Driver is "host" or "null") throw EngineException.InvalidInput($"a container on other networks cannot be on network {network.Name} too");
            if (chosen.Exists(other => other.Network.Id == network.Id)) continue;
            var request = spec.Endpoints.GetValueOrDefault(name) ?? new EndpointSpec();
            if (chosen.Count == 0 && request.MacAddress.Length == 0) request = request with { MacAddress = spec.MacAddress };
            chosen.Add((network, request));
        }

        return chosen;
    }

    private Endpoint MakeEndpoint(Container container, Network network, EndpointSpec request, int index)
    {
        var four = SubnetOf(network, AddressFamily.InterNetwork);
        var six = network.IPv6Enabled ? SubnetOf(network, AddressFamily.InterNetworkV6) : null;
        if (network.Predefined && (request.IPv4Address.Length > 0 || request.IPv6Address.Length > 0))
            throw EngineException.InvalidInput("user specified IP address is supported on user defined networks only");
        return new Endpoint
        {
            NetworkName = network.Name,
            NetworkId = network.Id,
            EndpointId = RandomNumberGenerator.GetHexString(64, lowercase: true),
            InterfaceName = $"eth{index}",
            IPv4 = four is null ? "" : addresses.Take(network, four, request.IPv4Address, container.Id),
            IPv4Gateway = network.Internal ? "" : four?.Gateway ?? "",
            IPv6 = six is null ? "" : addresses.Take(network, six, request.IPv6Address, container.Id),
            IPv6Gateway = network.Internal ? "" : six?.Gateway ?? "",
            MacAddress = request.MacAddress.Length > 0 ? request.MacAddress : MacAddress(container.Id, network.Id),
            Aliases = network.DnsEnabled ? Aliases(container, request) : request.Aliases,
        };
    }

    private static Subnet? SubnetOf(Network network, AddressFamily family) =>
        network.Subnets.FirstOrDefault(subnet => IPNetwork.Parse(subnet.Cidr).BaseAddress.AddressFamily == family);

    private static IReadOnlyList<string> Aliases(Container container, EndpointSpec request)
    {
        var names = request.Aliases.Append(container.Id.Short);
        return [.. (container.Spec.Hostname.Length > 0 ? names.Append(container.Spec.Hostname) : names).Distinct()];
    }

    // Locally administered, and the same at each start: neighbours' tables stay true.
    private static string MacAddress(ContainerId container, string network)
    {
        var bytes = SHA256.HashData(Encoding.ASCII.GetBytes($"{container} {network}"))[..6];
        bytes[0] = (byte)((bytes[0] & 0xfc) | 0x02);
        return string.Join(':', bytes.Select(part => part.ToString("x2")));
    }

    private IReadOnlyList<PublishedPort> ReservePorts(Container container, Endpoint endpoint)
    {
        var spec = container.Spec.Network;
        var wanted = spec.PortBindings.ToList();
        if (spec.PublishAllPorts)
        {
            var bound = wanted.Select(binding => binding.Container).ToHashSet();
            wanted.AddRange(spec.ExposedPorts.Distinct().Where(port => !bound.Contains(port)).Select(port => new PortBinding(port, "", "")));
        }

        try
        {
            return wanted.Count == 0 ? [] : ports.Reserve(container.Id, wanted);
        }
        catch (EngineException exception) when (exception.Kind == ErrorKind.Conflict)
        {
            throw EngineException.Internal(
                $"driver failed programming external connectivity on endpoint {container.Name} ({endpoint.EndpointId}): {exception.Message}", exception);
        }
    }

    private static NetworkAttachment Attachment(
        Container container, string namespacePath, IReadOnlyList<(Endpoint Endpoint, Network Network)> endpoints, IReadOnlyList<PublishedPort> published) => new()
    {
        ContainerId = container.Id,
        ContainerName = container.Name,
        Hostname = container.Spec.Hostname.Length > 0 ? container.Spec.Hostname : container.Id.Short,
        NamespacePath = namespacePath,
        Endpoints = endpoints,
        Ports = published,
        DnsServers = endpoints.Any(pair => pair.Network.DnsEnabled) ? container.Spec.Network.Dns : [],
    };
}
