using System.Net;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Networks;

/// <summary>A subnet as a caller wrote it becomes one that can be used, or is refused.</summary>
internal static class SubnetCheck
{
    public static Subnet Complete(Subnet subnet)
    {
        var network = Parse(subnet.Cidr, "subnet");
        if (network.PrefixLength > (network.BaseAddress.GetAddressBytes().Length == 4 ? 30 : 126))
            throw Bad($"invalid subnet {subnet.Cidr}: it has no room for a gateway and a container");
        return new Subnet(network.ToString(), Gateway(subnet.Gateway, network), Range(subnet.Range, network));
    }

    private static string Gateway(string gateway, IPNetwork network)
    {
        if (gateway.Length == 0) return SubnetChoice.FirstAddress(network).ToString();
        if (!IPAddress.TryParse(gateway, out var address)) throw Bad($"invalid gateway {gateway}: it is no IP address");
        return network.Contains(address)
            ? address.ToString()
            : throw Bad($"invalid gateway {gateway}: parent subnet {network} doesn't contain this address");
    }

    private static string Range(string range, IPNetwork network)
    {
        if (range.Length == 0) return "";
        var parsed = Parse(range, "ip-range");
        return network.Contains(parsed.BaseAddress) && parsed.PrefixLength >= network.PrefixLength
            ? parsed.ToString()
            : throw Bad($"invalid ip-range {range}: parent subnet {network} doesn't contain ip-range");
    }

    private static IPNetwork Parse(string text, string what)
    {
        if (!IPNetwork.TryParse(text, out var network)) throw Bad($"invalid {what} {text}: invalid CIDR block notation");
        // Bits beyond the prefix are cleared by the framework: they were hardly meant.
        return IPAddress.Parse(text[..text.IndexOf('/', StringComparison.Ordinal)]).Equals(network.BaseAddress)
            ? network
            : throw Bad($"invalid {what} {text}: it should be {network}");
    }

    private static EngineException Bad(string reason) => EngineException.InvalidInput($"invalid network config:\n{reason}");
}
