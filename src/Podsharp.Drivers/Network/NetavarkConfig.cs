using System.Globalization;
using System.Text.Json.Serialization;
using Podsharp.Core.Networks;

namespace Podsharp.Drivers.Network;

/// <summary>What netavark reads on stdin (reference/protocols.md §6); 1.4 to 2.x take this form.</summary>
internal sealed record NetavarkConfig
{
    public required string ContainerId { get; init; }

    public required string ContainerName { get; init; }

    public string ContainerHostname { get; init; } = "";

    public IReadOnlyList<string>? DnsServers { get; init; }

    public IReadOnlyList<NetavarkPort>? PortMappings { get; init; }

    public required Dictionary<string, NetavarkEndpoint> Networks { get; init; }

    public required Dictionary<string, NetavarkNetwork> NetworkInfo { get; init; }

    /// <summary>
    /// What netavark knows a network by. It names its firewall chains after this, and other engines here call theirs as their users do,
    /// so the user's name could meet a stranger's. A host interface is one of its kind.
    /// </summary>
    public static string NameOf(Core.Networks.Network network) => "podsharp." + network.InterfaceName;

    public static NetavarkConfig For(NetworkAttachment attachment) => For(attachment, attachment.Endpoints);

    public static NetavarkConfig For(NetworkAttachment attachment, IReadOnlyList<(Endpoint Endpoint, Core.Networks.Network Network)> endpoints) => new()
    {
        ContainerId = attachment.ContainerId.ToString(),
        ContainerName = attachment.ContainerName,
        ContainerHostname = attachment.Hostname,
        DnsServers = attachment.DnsServers.Count == 0 ? null : attachment.DnsServers,
        PortMappings = attachment.Ports.Count == 0 ? null : NetavarkPort.All(attachment.Ports),
        Networks = endpoints.ToDictionary(pair => NameOf(pair.Network), pair => NetavarkEndpoint.For(pair.Endpoint, pair.Network)),
        NetworkInfo = endpoints.ToDictionary(pair => NameOf(pair.Network), pair => NetavarkNetwork.For(pair.Network, pair.Endpoint.Metric)),
    };
}

internal sealed record NetavarkPort(string HostIp, int ContainerPort, int HostPort, int Range, string Protocol)
{
    private const string AllOfIPv4 = "0.0.0.0";

    // netavark takes the address that means all for one that packets go to.
    public static IReadOnlyList<NetavarkPort> All(IReadOnlyList<PublishedPort> ports) =>
        [.. ports.Select(port => new NetavarkPort(port.HostIp == AllOfIPv4 ? "" : port.HostIp, port.Container.Port, port.HostPort, 1, port.Container.Protocol)).Distinct()];
}

internal sealed record NetavarkEndpoint
{
    public required IReadOnlyList<string> StaticIps { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public required string InterfaceName { get; init; }

    public string? StaticMac { get; init; }

    public static NetavarkEndpoint For(Endpoint endpoint, Core.Networks.Network network) => new()
    {
        StaticIps = [.. new[] { endpoint.IPv4, endpoint.IPv6 }.Where(address => address.Length > 0).Select(WithoutPrefix)],
        Aliases = endpoint.Aliases,
        InterfaceName = endpoint.InterfaceName,
        // An ipvlan has its parent's.
        StaticMac = endpoint.MacAddress.Length == 0 || network.Driver == "ipvlan" ? null : endpoint.MacAddress,
    };

    private static string WithoutPrefix(string address) => address.Split('/')[0];
}

internal sealed record NetavarkNetwork
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    public required string Driver { get; init; }

    public required string NetworkInterface { get; init; }

    public required IReadOnlyList<NetavarkSubnet> Subnets { get; init; }

    [JsonPropertyName("ipv6_enabled")]
    public bool IPv6Enabled { get; init; }

    public bool Internal { get; init; }

    public bool DnsEnabled { get; init; }

    public Dictionary<string, string> IpamOptions { get; init; } = new() { ["driver"] = "host-local" };

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    // The metric is a container's, although netavark takes it for the network's; what the network's maker says of it goes first.
    public static NetavarkNetwork For(Core.Networks.Network network, int metric)
    {
        var plain = For(network);
        return metric == 0 || network.Options.ContainsKey("metric")
            ? plain
            : plain with { Options = new Dictionary<string, string>(plain.Options) { ["metric"] = metric.ToString(CultureInfo.InvariantCulture) } };
    }

    /// <summary>IPv4's first, as addresses are given: netavark takes the first address for one of the first subnet.</summary>
    public static IEnumerable<Subnet> SubnetsOf(Core.Networks.Network network) => network.Subnets
        .Where(subnet => network.IPv6Enabled || !IsIPv6(subnet))
        .OrderBy(IsIPv6);

    /// <summary>The kernel's rules keep networks apart unless their maker said otherwise: containers meet on networks that they share.</summary>
    public static NetavarkNetwork For(Core.Networks.Network network) => new()
    {
        Name = NetavarkConfig.NameOf(network),
        Id = network.Id,
        Driver = network.Driver,
        NetworkInterface = network.InterfaceName,
        Subnets = [.. SubnetsOf(network).Select(subnet => new NetavarkSubnet(subnet.Cidr, network.Internal && subnet.Gateway.Length == 0 ? null : subnet.Gateway))],
        IPv6Enabled = network.IPv6Enabled,
        Internal = network.Internal,
        DnsEnabled = network.DnsEnabled,
        Options = network.Driver != "bridge" || network.Options.ContainsKey("isolate")
            ? network.Options
            : new Dictionary<string, string>(network.Options) { ["isolate"] = "true" },
    };

    private static bool IsIPv6(Subnet subnet) => subnet.Cidr.Contains(':', StringComparison.Ordinal);
}

internal sealed record NetavarkSubnet(string Subnet, string? Gateway);

internal sealed record NetavarkError(string? Error);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NetavarkConfig))]
[JsonSerializable(typeof(NetavarkError))]
internal sealed partial class NetavarkJson : JsonSerializerContext;
