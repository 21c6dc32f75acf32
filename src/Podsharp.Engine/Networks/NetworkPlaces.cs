using System.Net;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Networks;

/// <summary>How a container's definition changes as it is connected and disconnected, and what forbids it.</summary>
internal static class NetworkPlaces
{
    private const string PrivateMode = "container cannot be connected to multiple networks with one of the networks in private (none) mode";

    public static void CheckConnect(Container container, Network network, EndpointSpec request)
    {
        CheckAlive(container);
        var spec = container.Spec.Network;
        if (spec.Mode.Kind is NamespaceKind.Container or NamespaceKind.Host)
            throw EngineException.InvalidInput("container sharing network namespace with another container or host cannot be connected to any other network");
        if (network.Driver == "host")
            throw EngineException.InvalidInput("container cannot be disconnected from host network or connected to host network");
        if (network.Driver == "null" || IsOnNone(spec)) throw EngineException.InvalidInput(PrivateMode);
        if (spec.Disabled) throw EngineException.InvalidInput($"container {container.Name} was created with its networking disabled");
        CheckRequest(network, request, "");
    }

    public static void CheckDisconnect(Container container, Network network)
    {
        CheckAlive(container);
        if (network.Driver == "host" && container.Spec.Network.Mode.Kind == NamespaceKind.Host)
            throw EngineException.InvalidInput("container cannot be disconnected from host network or connected to host network");
        var on = network.Driver == "null" ? IsOnNone(container.Spec.Network) : KeyOf(container.Spec.Network, network) is not null || Live(container, network) is not null;
        if (!on) throw EngineException.Internal($"container {container.Id} is not connected to {(container.State.IsUp ? "" : "the ")}network {network.Name}");
    }

    public static Endpoint? Live(Container container, Network network) =>
        container.State.Endpoints.FirstOrDefault(endpoint => endpoint.NetworkId == network.Id);

    public static NetworkSpec With(NetworkSpec spec, Network network, EndpointSpec request)
    {
        var places = Named(spec);
        places[KeyOf(spec, network) is { } key && places.ContainsKey(key) ? key : network.Name] = request;
        return spec with { Endpoints = places, Disconnected = false };
    }

    public static NetworkSpec Without(NetworkSpec spec, Network network)
    {
        var places = Named(spec);
        if (KeyOf(spec with { Endpoints = places }, network) is { } key) places.Remove(key);
        return spec with { Endpoints = places, Disconnected = places.Count == 0 };
    }

    private static void CheckAlive(Container container)
    {
        if (container.State.Phase is ContainerPhase.Removing or ContainerPhase.Dead)
            throw new EngineException(ErrorKind.Forbidden, $"container {container.Id} is marked for removal and cannot be connected or disconnected to the network");
    }

    /// <param name="network">Null: the default network.</param>
    public static void CheckRequest(Network? network, EndpointSpec request, string prefix)
    {
        if (request.LinkLocalAddresses.Count > 0)
            throw EngineException.NotSupported($"{prefix}IPAMConfig.LinkLocalIPs is not supported by this engine: give IPv4Address or IPv6Address instead");
        var addresses = new[] { request.IPv4Address, request.IPv6Address }.Where(address => address.Length > 0).ToList();
        if (network is null or { Predefined: true })
        {
            if (addresses.Count > 0) throw Invalid("user specified IP address is supported on user defined networks only");
            if (request.Aliases.Count > 0) throw Invalid("network-scoped alias is supported only for containers in user defined networks");
            return;
        }

        if (addresses.Find(address => !network.Subnets.Any(subnet => IPNetwork.Parse(subnet.Cidr).Contains(IPAddress.Parse(address)))) is { } stray)
            throw Invalid($"no configured subnet or ip-range contain the IP address {stray}");

        EngineException Invalid(string what) => EngineException.InvalidInput($"{prefix}invalid endpoint settings:\n{what}");
    }

    private static bool IsOnNone(NetworkSpec spec) => spec.Mode.Kind is NamespaceKind.None or NamespaceKind.Private && spec.Endpoints.Count == 0 && !spec.Disconnected;

    private static string? KeyOf(NetworkSpec spec, Network network) => spec.Places().Keys.FirstOrDefault(key =>
        key == network.Name || key == network.Id || (key is "default" or "bridge" && network is { Predefined: true, Driver: "bridge" }));

    // What was not said before must be said now: it stands beside another.
    private static Dictionary<string, EndpointSpec> Named(NetworkSpec spec) =>
        spec.Places().ToDictionary(place => place.Key == "default" ? "bridge" : place.Key, place => place.Value);
}
