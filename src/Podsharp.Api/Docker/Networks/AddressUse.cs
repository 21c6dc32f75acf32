using System.Net;
using System.Net.Sockets;
using Podsharp.Core.Networks;
using Podsharp.Wire.Docker.Networks;

namespace Podsharp.Api.Docker.Networks;

/// <summary>How many addresses of a network's subnets are taken, and how many are still given.</summary>
internal static class AddressUse
{
    public static NetworkStatus Of(Network network, IEnumerable<Endpoint> endpoints)
    {
        var given = endpoints.SelectMany(static endpoint => new[] { endpoint.IPv4, endpoint.IPv6 }).Select(Address).OfType<IPAddress>().ToHashSet();
        return new NetworkStatus(new IpamStatus(network.Subnets.ToDictionary(static subnet => subnet.Cidr, subnet => Of(subnet, given))));
    }

    private static SubnetStatus Of(Subnet subnet, HashSet<IPAddress> given)
    {
        var whole = IPNetwork.Parse(subnet.Cidr);
        var range = subnet.Range.Length > 0 ? IPNetwork.Parse(subnet.Range) : whole;
        var taken = given.Where(whole.Contains).ToHashSet();
        taken.UnionWith(Kept(subnet, whole));
        var inRange = taken.Count(range.Contains);
        return new SubnetStatus((ulong)taken.Count, Saturated(Size(range) - (UInt128)inRange));
    }

    // The network's own address, IPv4's for all on it, the gateway's, and what is somebody else's.
    private static IEnumerable<IPAddress> Kept(Subnet subnet, IPNetwork whole)
    {
        yield return whole.BaseAddress;
        if (whole.BaseAddress.AddressFamily == AddressFamily.InterNetwork) yield return Last(whole);
        foreach (var text in (subnet.Reserved?.Values ?? []).Append(subnet.Gateway))
            if (Address(text) is { } address) yield return address;
    }

    private static IPAddress Last(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        for (var bit = network.PrefixLength; bit < bytes.Length * 8; bit++) bytes[bit / 8] |= (byte)(0x80 >> bit % 8);
        return new IPAddress(bytes);
    }

    private static UInt128 Size(IPNetwork network)
    {
        var bits = (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength;
        return bits >= 128 ? UInt128.MaxValue : UInt128.One << bits;
    }

    private static ulong Saturated(UInt128 count) => count > ulong.MaxValue ? ulong.MaxValue : (ulong)count;

    private static IPAddress? Address(string text) => IPAddress.TryParse(text.Split('/')[0], out var address) ? address : null;
}
