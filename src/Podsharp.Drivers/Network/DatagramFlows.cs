using System.Net;
using System.Net.NetworkInformation;
using Podsharp.Core.Networks;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

/// <summary>
/// Flows to published udp ports. Who sends on without a pause keeps the way that its first packet took: to a container that is gone, or to nobody, were
/// it not forgotten. (tcp begins anew by itself.) Failures are no one's: then flows end by their time.
/// </summary>
internal static class DatagramFlows
{
    private const byte Datagrams = 17;

    /// <summary>The ports lead to this container now.</summary>
    public static void Turn(NetworkAttachment attachment)
    {
        var ports = PortsOf(attachment);
        if (ports.Count == 0) return;
        var (answering, local) = (Answering(attachment, ports), LocalAddresses());
        Forget(flow => !answering.Contains(flow.Answering) && ports.Exists(port => port.HostPort == flow.Destination.Port && IsMeant(port, flow.Destination.Address, local)));
    }

    /// <summary>The container is gone from there; its address may be another's soon.</summary>
    public static void End(NetworkAttachment attachment)
    {
        var ports = PortsOf(attachment);
        if (ports.Count == 0) return;
        var answering = Answering(attachment, ports);
        Forget(flow => answering.Contains(flow.Answering));
    }

    private static List<PublishedPort> PortsOf(NetworkAttachment attachment) => [.. attachment.Ports.Where(port => port.Container.Protocol == "udp")];

    private static HashSet<IPEndPoint> Answering(NetworkAttachment attachment, List<PublishedPort> ports) =>
    [
        .. from pair in attachment.Endpoints
           from address in new[] { pair.Endpoint.IPv4, pair.Endpoint.IPv6 }
           where address.Length > 0
           from port in ports
           select new IPEndPoint(IPAddress.Parse(address.Split('/')[0]), port.Container.Port),
    ];

    private static HashSet<IPAddress> LocalAddresses() =>
        [.. IPGlobalProperties.GetIPGlobalProperties().GetUnicastAddresses().Select(address => new IPAddress(address.Address.GetAddressBytes()))];

    // Others send through this host to the same port elsewhere.
    private static bool IsMeant(PublishedPort port, IPAddress address, HashSet<IPAddress> local) =>
        IPAddress.TryParse(port.HostIp, out var host) && !host.Equals(IPAddress.Any) && !host.Equals(IPAddress.IPv6Any) ? host.Equals(address) : local.Contains(address);

    private static void Forget(Func<TrackedFlow, bool> choose)
    {
        try
        {
            TrackedFlows.Forget(Datagrams, choose);
        }
        catch (IOException)
        {
        }
    }
}
