using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Networks;

namespace Podsharp.Drivers.Network;

/// <summary>
/// The firewall rules by which a container's published ports are reached over IPv4, one by one as netavark makes them, so that each undoes the
/// other's and a reload finds them: a chain for each network, which a rule for each port leads to.
/// </summary>
internal static class PortRules
{
    private const string Entry = "NETAVARK-HOSTPORT-DNAT", Mark = "NETAVARK-HOSTPORT-SETMARK", Loopback = "127.0.0.1/32";
    private const int HashLength = 13;

    /// <summary>The network's own chain of the nat table, by which its containers' packets leave.</summary>
    public static string WayOutOf(Core.Networks.Network network) => "NETAVARK-" + HashOf(network);

    public static string ChainOf(Core.Networks.Network network) => "NETAVARK-DN-" + HashOf(network);

    /// <summary>Each with its chain in front, for the nat table.</summary>
    public static IEnumerable<string> Of(NetworkAttachment attachment) =>
        from pair in attachment.Endpoints
        where pair.Network.CarriesPorts()
        from port in NetavarkPort.All(attachment.Ports)
        where !port.HostIp.Contains(':', StringComparison.Ordinal)
        from rule in Of(attachment, pair.Endpoint, pair.Network, port)
        select rule;

    private static IEnumerable<string> Of(NetworkAttachment attachment, Endpoint endpoint, Core.Networks.Network network, NetavarkPort port)
    {
        var chain = ChainOf(network);
        var match = string.Create(CultureInfo.InvariantCulture, $"-p {port.Protocol} -m {port.Protocol} --dport {port.HostPort}");
        var onHost = port.HostIp.Length == 0 ? match : $"-d {port.HostIp}/32 {match}";
        // What comes from the host or from a neighbour would be answered past the translation, but for another source address.
        foreach (var source in (string[])[SubnetOf(network), Loopback]) yield return $"{chain} -s {source} {onHost} -j {Mark}";
        var address = endpoint.IPv4.Split('/')[0];
        yield return string.Create(CultureInfo.InvariantCulture, $"{chain} {onHost} -j DNAT --to-destination {address}:{port.ContainerPort}");
        yield return $"{Entry} {match} -m comment --comment \"dnat name: {NetavarkConfig.NameOf(network)} id: {attachment.ContainerId}\" -j {chain}";
    }

    private static string SubnetOf(Core.Networks.Network network) => network.Subnets.First(subnet => !subnet.Cidr.Contains(':', StringComparison.Ordinal)).Cidr;

    private static string HashOf(Core.Networks.Network network) => Convert.ToHexString(SHA512.HashData(Encoding.UTF8.GetBytes(NetavarkConfig.NameOf(network))))[..HashLength];
}
