using System.Net;
using System.Net.Sockets;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Core.Text;

namespace Podsharp.Engine.Networks;

/// <summary>A subnet as a caller wrote it becomes one that can be used, or is refused.</summary>
internal static class SubnetCheck
{
    public static Subnet Complete(Subnet subnet)
    {
        var network = Parse(subnet.Cidr, "subnet");
        if (network.PrefixLength > (IsIPv4(network.BaseAddress) ? 30 : 126))
            throw Bad($"invalid subnet {subnet.Cidr}: it has no room for a gateway and a container");
        if (IsForNobody(network.BaseAddress)) throw Bad($"invalid subnet {subnet.Cidr}: loopback and multicast addresses are no host's");
        var gateway = Gateway(subnet.Gateway, network);
        return new Subnet(network.ToString(), gateway, Range(subnet.Range, network)) { Reserved = Reserved(subnet.Reserved, network, gateway) };
    }

    private static string Gateway(string gateway, IPNetwork network)
    {
        if (gateway.Length == 0) return SubnetChoice.FirstAddress(network).ToString();
        var address = Inside(gateway, $"gateway {gateway}", network);
        return SubnetChoice.IsEdge(address, network) ? throw Taken($"failed to allocate gateway ({gateway})") : address.ToString();
    }

    private static Dictionary<string, string>? Reserved(IReadOnlyDictionary<string, string>? reserved, IPNetwork network, string gateway)
    {
        if (reserved is null or { Count: 0 }) return null;
        var seen = new HashSet<IPAddress> { IPAddress.Parse(gateway) };
        var all = new Dictionary<string, string>();
        foreach (var (name, text) in reserved)
        {
            var address = Inside(text, $"auxiliary address {name}", network);
            if (!seen.Add(address)) throw Taken($"failed to allocate secondary ip address ({name}:{text})");
            all.Add(name, address.ToString());
        }

        return all;
    }

    private static IPAddress Inside(string text, string what, IPNetwork network)
    {
        if (!AddressText.TryParse(text, out var address)) throw Bad($"invalid {what}: invalid address");
        if (address.AddressFamily != network.BaseAddress.AddressFamily)
            throw Bad($"invalid {what}: parent subnet is an {(IsIPv4(network.BaseAddress) ? "IPv4" : "IPv6")} block");
        return network.Contains(address) ? address : throw Bad($"invalid {what}: parent subnet {network} doesn't contain this address");
    }

    private static string Range(string range, IPNetwork network)
    {
        if (range.Length == 0) return "";
        var parsed = Parse(range, "ip-range");
        if (parsed.BaseAddress.AddressFamily != network.BaseAddress.AddressFamily)
            throw Bad($"invalid ip-range {range}: parent subnet is an {(IsIPv4(network.BaseAddress) ? "IPv4" : "IPv6")} block");
        if (parsed.PrefixLength < network.PrefixLength)
            throw Bad($"invalid ip-range {range}: CIDR block is bigger than its parent subnet {network}");
        return network.Contains(parsed.BaseAddress)
            ? parsed.ToString()
            : throw Bad($"invalid ip-range {range}: parent subnet {network} doesn't contain ip-range");
    }

    private static IPNetwork Parse(string text, string what)
    {
        if (!AddressText.TryParseNetwork(text, out var network)) throw Bad($"invalid {what} {text}: invalid CIDR block notation");
        // Bits beyond the prefix are cleared by the framework: they were hardly meant.
        return IPAddress.Parse(text[..text.IndexOf('/', StringComparison.Ordinal)]).Equals(network.BaseAddress)
            ? network
            : throw Bad($"invalid {what} {text}: it should be {network}");
    }

    private static bool IsIPv4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork;

    private static bool IsForNobody(IPAddress address) =>
        IPAddress.IsLoopback(address) || (IsIPv4(address) ? address.GetAddressBytes()[0] is >= 224 and < 240 : address.IsIPv6Multicast);

    private static EngineException Bad(string reason) => EngineException.InvalidInput($"invalid network config:\n{reason}");

    private static EngineException Taken(string what) => new(ErrorKind.Forbidden, $"{what}: Address already in use");
}
