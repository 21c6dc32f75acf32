using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Networks;

/// <summary>All choices about a container's networking; what they need is reserved as they are made.</summary>
public sealed class NetworkPlanner(IContainerStore containers, NetworkCatalog networks, AddressPool addresses, IHostPorts ports)
{
    /// <summary>
    /// Chooses networks, addresses, MACs and interface names, and reserves addresses and ports until <see cref="Release"/>. All or nothing. Internal (as clients expect it of start) when a port is taken; NotFound for a network that is gone; Conflict
    /// when the container to join does not run.
    /// </summary>
    public async Task<NetworkPlan> PlanAsync(Container container, CancellationToken cancellationToken)
    {
        var spec = container.Spec.Network;
        return spec.Mode.Kind switch
        {
            _ when spec.Disabled => Plan(container, NetworkPlanKind.Isolated),
            NamespaceKind.Host => Plan(container, NetworkPlanKind.Host),
            NamespaceKind.None or NamespaceKind.Private when spec.Endpoints.Count == 0 => Plan(container, NetworkPlanKind.Isolated),
            NamespaceKind.Container => Join(container, spec.Mode.Value),
            _ => await PlanNetworksAsync(container, cancellationToken),
        };
    }

    /// <summary>
    /// One more place for a container that runs, with the first free interface name; its address, and its ports where none are published
    /// yet, are reserved.
    /// </summary>
    public async Task<(Endpoint Endpoint, IReadOnlyList<PublishedPort> Ports)> PlanPlaceAsync(
        Container container, Network network, EndpointSpec request, CancellationToken cancellationToken)
    {
        var state = container.State;
        var name = Enumerable.Range(0, int.MaxValue).Select(number => $"eth{number}").First(name => !state.Endpoints.Any(other => other.InterfaceName == name));
        try
        {
            var metric = GatewayOrder.MetricBetween(container, await networks.AllAsync(cancellationToken), network, request);
            var endpoint = MakeEndpoint(container, network, request, name) with { Metric = metric };
            return (endpoint, state.Ports.Count > 0 ? state.Ports : ReservePorts(container, [(endpoint, network)]));
        }
        catch
        {
            addresses.Release(container.Id, network.Id);
            throw;
        }
    }

    public void Release(ContainerId id)
    {
        ports.Release(id);
        addresses.Release(id);
    }

    /// <summary>One place's address, and the ports where <paramref name="portsToo"/>.</summary>
    public void Release(ContainerId id, string networkId, bool portsToo)
    {
        if (portsToo) ports.Release(id);
        addresses.Release(id, networkId);
    }

    /// <summary>At the start of the service: the addresses and ports of a running container are in use.</summary>
    public void Adopt(Container container)
    {
        foreach (var endpoint in container.State.Endpoints) addresses.Adopt(container.Id, endpoint);
        ports.Adopt(container.Id, container.State.Ports);
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
        if (chosen.Count == 0) return Plan(container, NetworkPlanKind.Isolated);
        try
        {
            var endpoints = new List<(Endpoint, Network)>();
            foreach (var (network, request) in chosen)
            {
                var metric = chosen.Count == 1 ? 0 : GatewayOrder.Step * (endpoints.Count + 1);
                endpoints.Add((MakeEndpoint(container, network, request, $"eth{endpoints.Count}") with { Metric = metric }, network));
            }

            return Plan(container, NetworkPlanKind.Networks) with { Endpoints = endpoints, Ports = ReservePorts(container, endpoints) };
        }
        catch
        {
            Release(container.Id);
            throw;
        }
    }

    // The first is eth0 and gives the default route.
    private async Task<List<(Network, EndpointSpec)>> ChooseNetworksAsync(NetworkSpec spec, CancellationToken cancellationToken)
    {
        var chosen = new List<(Network Network, EndpointSpec Request)>();
        foreach (var (name, asked) in spec.Places())
        {
            var network = await networks.GetAsync(name, cancellationToken);
            if (network.Driver is "host" or "null") throw EngineException.InvalidInput($"a container on other networks cannot be on network {network.Name} too");
            if (chosen.Exists(other => other.Network.Id == network.Id)) continue;
            chosen.Add((network, asked));
        }

        chosen.Sort((one, other) => GatewayOrder.Compare(one.Network, one.Request.GatewayPriority, other.Network, other.Request.GatewayPriority));
        // The container's own hardware address is that of its mode's network.
        var main = Math.Max(0, chosen.FindIndex(place => place.Network.Name == spec.Written || place.Network.Id == spec.Written));
        if (chosen.Count > 0 && chosen[main].Request.MacAddress.Length == 0)
            chosen[main] = (chosen[main].Network, chosen[main].Request with { MacAddress = spec.MacAddress });
        return chosen;
    }

    private Endpoint MakeEndpoint(Container container, Network network, EndpointSpec request, string interfaceName)
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
            InterfaceName = interfaceName,
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

    /// <summary>None where no network could carry them.</summary>
    private IReadOnlyList<PublishedPort> ReservePorts(Container container, IReadOnlyList<(Endpoint Endpoint, Network Network)> endpoints)
    {
        var (carrier, network) = endpoints.FirstOrDefault(pair => pair.Network.CarriesPorts());
        if (carrier is null) return [];
        var spec = container.Spec.Network;
        var wanted = spec.PortBindings.ToList();
        if (spec.PublishAllPorts)
        {
            var bound = wanted.Select(binding => binding.Container).ToHashSet();
            wanted.AddRange(spec.ExposedPorts.Distinct().Where(port => !bound.Contains(port)).Select(port => new PortBinding(port, "", "")));
        }

        if (network.PublishedOn is { Length: > 0 } address) wanted = [.. wanted.Select(port => port.HostIp.Length > 0 ? port : port with { HostIp = address })];
        try
        {
            return wanted.Count == 0 ? [] : ports.Reserve(container.Id, wanted);
        }
        catch (EngineException exception) when (exception.Kind == ErrorKind.Conflict)
        {
            throw EngineException.Internal(
                $"driver failed programming external connectivity on endpoint {container.Name} ({carrier.EndpointId}): {exception.Message}", exception);
        }
    }
}
