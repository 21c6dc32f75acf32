using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Wire.Common;
using Podsharp.Wire.Docker.Networks;

namespace Podsharp.Api.Docker.Networks;

internal static class NetworkMapping
{
    public const string Prefix = "com.docker.network.";
    public const string Bridge = Prefix + "bridge.";
    public const string BridgeName = Bridge + "name";
    public const string Mtu = Prefix + "driver.mtu";

    public static NetworkReply ToReply(Network network, IReadOnlyList<(Container Container, Endpoint Endpoint)> users, ApiVersion version) => new()
    {
        Name = network.Name,
        Id = network.Id,
        Created = GoTime.Format(network.Created),
        Driver = network.Driver,
        EnableIPv4 = version.AtLeast(1, 47) ? HasAddresses(network) && !network.IPv6Only : null,
        EnableIPv6 = network.IPv6Enabled,
        Ipam = new Ipam
        {
            Driver = "default",
            Options = network.IpamOptionsGiven ? new Dictionary<string, string>() : null,
            Config = HasAddresses(network) ? [.. network.Subnets.Select(ToConfig)] : null,
        },
        Internal = network.Internal,
        Attachable = network.Attachable,
        Containers = users.ToDictionary(user => user.Container.Id.ToString(), user => ToResource(user.Container, user.Endpoint)),
        Options = Options(network),
        Labels = network.Labels,
    };

    private static IpamConfig ToConfig(Subnet subnet) => new()
    {
        Subnet = subnet.Cidr,
        Gateway = subnet.Gateway,
        IpRange = subnet.Range.Length > 0 ? subnet.Range : null,
        AuxiliaryAddresses = subnet.Reserved,
    };

    private static EndpointResource ToResource(Container container, Endpoint endpoint) =>
        new(container.Name, endpoint.EndpointId, endpoint.MacAddress, endpoint.IPv4, endpoint.IPv6);

    // The host's own network and none have no addresses to give.
    private static bool HasAddresses(Network network) => network.Driver is not ("host" or "null");

    private static IReadOnlyDictionary<string, string> Options(Network network)
    {
        if (network.WrittenOptions is { } written) return written;
        var options = network.Options.ToDictionary(option => option.Key == "mtu" ? Mtu : option.Key, option => option.Value);
        if (network is not { Predefined: true, Driver: "bridge" }) return options;
        options[Bridge + "default_bridge"] = "true";
        options[Bridge + "enable_icc"] = "true";
        options[Bridge + "enable_ip_masquerade"] = "true";
        options[Bridge + "host_binding_ipv4"] = "0.0.0.0";
        options[BridgeName] = network.InterfaceName;
        options.TryAdd(Mtu, "1500");
        return options;
    }
}
