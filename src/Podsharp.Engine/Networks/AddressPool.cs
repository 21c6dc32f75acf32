using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Networks;

/// <summary>
/// Which addresses of which network are in use, and which is the next to give. An address just given back is the last to be given
/// again (its neighbours remember the old MAC). Thread-safe; lives in memory: running containers are adopted when the service starts.
/// </summary>
public sealed class AddressPool
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<IPAddress, ContainerId>> _used = [];
    private readonly Dictionary<string, UInt128> _last = [];
    private readonly HashSet<string> _closed = [];

    /// <summary>
    /// Reserves an address of the subnet: the wanted one or, for an empty <paramref name="wanted"/>, the next free one. Forbidden when
    /// the wanted one is taken, InvalidInput when it is none of the subnet, Exhausted when all are taken, NotFound when the network is closed.
    /// </summary>
    /// <returns>With prefix length: 10.87.0.2/16.</returns>
    public string Take(Network network, Subnet subnet, string wanted, ContainerId owner)
    {
        var range = IPNetwork.Parse(subnet.Cidr);
        lock (_lock)
        {
            if (_closed.Contains(network.Id)) throw EngineException.NoSuchNetwork(network.Name);
            var used = UsedOf(network.Id);
            var address = wanted.Length == 0 ? NextFree(network, subnet, used) : Wanted(wanted, range, subnet, used);
            used.Add(address, owner);
            return $"{address}/{range.PrefixLength}";
        }
    }

    public void Adopt(ContainerId owner, Endpoint endpoint)
    {
        lock (_lock)
        {
            foreach (var text in new[] { endpoint.IPv4, endpoint.IPv6 })
            {
                if (IPAddress.TryParse(text.Split('/')[0], out var address)) UsedOf(endpoint.NetworkId)[address] = owner;
            }
        }
    }

    public void Release(ContainerId owner)
    {
        lock (_lock)
        {
            foreach (var used in _used.Values) Release(owner, used);
        }
    }

    /// <summary>What the container has of one network.</summary>
    public void Release(ContainerId owner, string networkId)
    {
        lock (_lock) Release(owner, UsedOf(networkId));
    }

    /// <summary>The containers that have addresses of the network.</summary>
    public IReadOnlyCollection<ContainerId> Owners(string networkId)
    {
        lock (_lock) return [.. UsedOf(networkId).Values.Distinct()];
    }

    /// <summary>From here on gives no address of the network; false, and nothing done, when one is in use.</summary>
    public bool TryClose(string networkId)
    {
        lock (_lock)
        {
            if (UsedOf(networkId).Count > 0) return false;
            _closed.Add(networkId);
            return true;
        }
    }

    /// <summary>Takes <see cref="TryClose"/> back.</summary>
    public void Reopen(string networkId)
    {
        lock (_lock) _closed.Remove(networkId);
    }

    private Dictionary<IPAddress, ContainerId> UsedOf(string networkId)
    {
        if (!_used.TryGetValue(networkId, out var used)) _used.Add(networkId, used = []);
        return used;
    }

    private static void Release(ContainerId owner, Dictionary<IPAddress, ContainerId> used)
    {
        foreach (var address in used.Where(pair => pair.Value == owner).Select(pair => pair.Key).ToList()) used.Remove(address);
    }

    private static IPAddress Wanted(string wanted, IPNetwork range, Subnet subnet, Dictionary<IPAddress, ContainerId> used)
    {
        if (!IPAddress.TryParse(wanted, out var address) || !range.Contains(address))
            throw EngineException.InvalidInput($"no configured subnet contains the IP address {wanted}");
        if (used.ContainsKey(address) || SubnetChoice.IsEdge(address, range) || OthersOf(subnet).Contains(address))
            throw new EngineException(ErrorKind.Forbidden, $"Address already in use: {address}");
        return address;
    }

    // Never a container's.
    private static HashSet<IPAddress> OthersOf(Subnet subnet)
    {
        HashSet<IPAddress> others = [.. (subnet.Reserved?.Values ?? []).Select(IPAddress.Parse)];
        if (subnet.Gateway.Length > 0) others.Add(IPAddress.Parse(subnet.Gateway));
        return others;
    }

    private IPAddress NextFree(Network network, Subnet subnet, Dictionary<IPAddress, ContainerId> used)
    {
        var whole = IPNetwork.Parse(subnet.Cidr);
        var (first, last) = Usable(whole, subnet.Range.Length == 0 ? whole : IPNetwork.Parse(subnet.Range));
        var family = whole.BaseAddress.AddressFamily;
        var key = $"{network.Id} {subnet.Cidr}";
        var start = _last.TryGetValue(key, out var previous) && previous >= first && previous < last ? previous + 1 : first;
        var others = OthersOf(subnet);
        // More addresses than are used need not be looked at.
        var candidates = UInt128.Min(last - first + 1, (UInt128)(used.Count + others.Count) + 1);
        for (UInt128 step = 0; step < candidates; step++)
        {
            var number = start + step <= last ? start + step : first + (start + step - last - 1);
            var address = ToAddress(number, family);
            if (used.ContainsKey(address) || others.Contains(address)) continue;
            _last[key] = number;
            return address;
        }

        throw EngineException.Exhausted(
            $"no available addresses on network {network.Name} ({subnet.Cidr}): remove containers or make a network with a larger subnet");
    }

    /// <summary>Without the network's own and the broadcast address.</summary>
    private static (UInt128 First, UInt128 Last) Usable(IPNetwork whole, IPNetwork range)
    {
        var (wholeFirst, wholeLast) = Bounds(whole);
        var (first, last) = Bounds(range);
        if (wholeLast - wholeFirst < 3) return (first, last);
        if (first == wholeFirst) first++;
        if (last == wholeLast && whole.BaseAddress.AddressFamily == AddressFamily.InterNetwork) last--;
        return (first, last);
    }

    private static (UInt128 First, UInt128 Last) Bounds(IPNetwork network)
    {
        var first = ToNumber(network.BaseAddress);
        var bits = (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength;
        return (first, first + (bits == 128 ? UInt128.MaxValue : (UInt128.One << bits) - 1));
    }

    private static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(address.AddressFamily == AddressFamily.InterNetwork ? bytes[12..] : bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static IPAddress ToAddress(UInt128 number, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(family == AddressFamily.InterNetwork ? bytes[12..] : bytes);
    }
}
