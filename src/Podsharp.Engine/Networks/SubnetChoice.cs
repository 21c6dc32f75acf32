using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Podsharp.Engine.Networks;

/// <summary>Which subnets the engine picks itself, and the arithmetic of subnets. None of these is another engine's default.</summary>
internal static class SubnetChoice
{
    /// <summary>For the default network where the configured one is taken.</summary>
    public static IEnumerable<IPNetwork> ForDefault() =>
        Enumerable.Range(0, 8).Select(step => new IPNetwork(new IPAddress([10, (byte)(87 - step), 0, 0]), 16));

    /// <summary>For networks whose maker does not care.</summary>
    public static IEnumerable<IPNetwork> ForUser() =>
        from second in Enumerable.Range(76, 4)
        from third in Enumerable.Range(0, 256)
        select new IPNetwork(new IPAddress([10, (byte)second, (byte)third, 0]), 24);

    /// <summary>A unique local /64 (RFC 4193) out of the network's id.</summary>
    public static IPNetwork UniqueLocal(string networkId)
    {
        var bytes = new byte[16];
        SHA256.HashData(Encoding.UTF8.GetBytes(networkId)).AsSpan(0, 7).CopyTo(bytes.AsSpan(1));
        bytes[0] = 0xfd;
        return new IPNetwork(new IPAddress(bytes), 64);
    }

    public static bool Overlap(IPNetwork one, IPNetwork other) => one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);

    /// <summary>The network's own address or, of IPv4, the one for all of it.</summary>
    public static bool IsEdge(IPAddress address, IPNetwork network)
    {
        if (address.Equals(network.BaseAddress)) return true;
        if (address.AddressFamily != AddressFamily.InterNetwork) return false;
        var host = uint.MaxValue >> network.PrefixLength;
        return (BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes()) & host) == host;
    }

    /// <summary>The usual gateway: the first address after the network's own.</summary>
    public static IPAddress FirstAddress(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        bytes[^1]++;
        return new IPAddress(bytes);
    }
}
