using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Wire.Common;
using Podsharp.Wire.Docker.Networks;

namespace Podsharp.Api.Docker.Networks;

internal static class NetworkMapping
{
    public const string Prefix = "com.docker.network.";
    public const string BridgeName = Prefix + "bridge.name";
    public const string Mtu = Prefix + "driver.mtu";

    public static NetworkReply ToReply(Network network, IReadOnlyList<(Container Container, Endpoint Endpoint)> users, ApiVersion version) => new()
    {
        Name = network.Name,
        Id = network.Id,
        Created = GoTime.Format(network.Created),
        Driver = network.Driver,
        EnableIPv4 = version.AtLeast(1, 47) ? network.Driver == "bridge" : null,
        EnableIPv6 = network.IPv6Enabled,
        Ipam = new Ipam
        {
            Driver = "default",
            Options = new Dictionary<string, string>(),
            Config = [.. network.Subnets.Select(ToConfig)],
        },
        Internal = network.Internal,
        Containers = users.ToDictionary(user => user.Container.Id.ToString(), user => ToResource(user.Container, user.Endpoint)),
        Options = Options(network),
        Labels = network.Labels,
    };

    private static IpamConfig ToConfig(Subnet subnet) => new()
    {
        Subnet = subnet.Cidr,
        Gateway = subnet.Gateway,
        IpRange = subnet.Range.Length > 0 ? subnet.Range : null,
    };

    private static EndpointResource ToResource(Container container, Endpoint endpoint) =>
        new(container.Name, endpoint.EndpointId, endpoint.MacAddress, endpoint.IPv4, endpoint.IPv6);

    private static Dictionary<string, string> Options(Network network)
    {
        var options = network.Options.ToDictionary(option => option.Key == "mtu" ? Mtu : option.Key, option => option.Value);
        if (network is not { Predefined: true, Driver: "bridge" }) return options;
        options[Prefix + "bridge.default_bridge"] = "true";
        options[Prefix + "bridge.enable_icc"] = "true";
        options[Prefix + "bridge.enable_ip_masquerade"] = "true";
        options[Prefix + "bridge.host_binding_ipv4"] = "0.0.0.0";
        options[BridgeName] = network.InterfaceName;
        return options;
    }
}
