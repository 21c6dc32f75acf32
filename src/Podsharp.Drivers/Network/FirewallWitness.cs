using System.Net;
using System.Text;
using Podsharp.Core.Networks;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

/// <summary>
/// Tells whether a network's firewall rules are still there, which netavark made with its bridge and nobody makes anew for a container that joins it
/// directly. A look by netlink, of some microseconds. What netavark makes differs by its version and firewall, so that what counts is
/// what was seen when it had done its work. Callers hold the driver's lock.
/// </summary>
internal sealed class FirewallWitness(BridgeNamespace space)
{
    [Flags]
    private enum Seen
    {
        Nothing = 0,
        Forward = 1,
        Subnet = 2,
        WayOut = 4,
        PortEntry = 8,
    }

    private const Seen Usual = Seen.Forward | Seen.Subnet | Seen.WayOut | Seen.PortEntry;

    private readonly Dictionary<string, Seen> _made = [];
    private readonly Dictionary<string, Seen> _remains = [];

    /// <summary>All that netavark made is there; where this service has not seen it at work, all that it makes with iptables.</summary>
    public bool IsIntact(Core.Networks.Network network)
    {
        var made = _made.GetValueOrDefault(network.Id, network.CarriesPorts() ? Usual : Seen.Nothing);
        if (made == Seen.Nothing) return true;
        var look = Look(network);
        if ((look & made) == made) return true;
        _remains[network.Id] = look;
        return false;
    }

    /// <summary>netavark has just set the network up.</summary>
    /// <returns>true: it brought back what had been gone.</returns>
    public bool Note(Core.Networks.Network network)
    {
        var look = _made[network.Id] = Look(network);
        return _remains.Remove(network.Id, out var remains) && (look & ~remains) != Seen.Nothing;
    }

    public void Forget(Core.Networks.Network network)
    {
        _made.Remove(network.Id);
        _remains.Remove(network.Id);
    }

    private Seen Look(Core.Networks.Network network)
    {
        var subnet = network.Subnets.FirstOrDefault(subnet => !subnet.Cidr.Contains(':', StringComparison.Ordinal));
        try
        {
            return (FirewallChains.Mentions(space, "filter", "FORWARD", Name("NETAVARK_FORWARD")) ? Seen.Forward : 0)
                | (subnet is not null && FirewallChains.Mentions(space, "filter", "NETAVARK_FORWARD", IPNetwork.Parse(subnet.Cidr).BaseAddress.GetAddressBytes()) ? Seen.Subnet : 0)
                | (FirewallChains.Mentions(space, "nat", "POSTROUTING", Name(PortRules.WayOutOf(network))) ? Seen.WayOut : 0)
                | (FirewallChains.Mentions(space, "nat", "PREROUTING", Name("NETAVARK-HOSTPORT-DNAT")) ? Seen.PortEntry : 0);
        }
        catch (IOException)
        {
            // Then there is nothing that could be lost.
            return Seen.Nothing;
        }
    }

    private static byte[] Name(string chain) => Encoding.ASCII.GetBytes(chain + '\0');
}
