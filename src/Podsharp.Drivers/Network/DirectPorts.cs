using System.Globalization;
using System.Net;
using Podsharp.Core.Networks;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

/// <summary>
/// Puts containers on bridges by netlink where netavark would do no more than that. On a bridge that is up, the firewall rules of its network stand, and a
/// container without published ports adds none; netavark still makes sure of them by some sixteen programs a call, one call at a time. What this
/// leaves is what netavark would have left, so that each undoes the other's work. Callers hold the driver's lock.
/// </summary>
internal sealed class DirectPorts(BridgeKeeper keeper, NameRecords names)
{
    private const int UsualMetric = 100;

    // What the others ask for is netavark's to know.
    private static readonly string[] KnownOptions = ["mtu", "isolate"];

    public bool CanSetUp(NetworkAttachment attachment) =>
        attachment.Ports.Count == 0 && attachment.Endpoints.All(pair => IsPlain(pair) && (!pair.Network.DnsEnabled || names.Serves(pair.Network)));

    public bool CanTearDown(NetworkAttachment attachment) => attachment.Ports.Count == 0 && attachment.Endpoints.All(IsPlain);

    public async Task SetUpAsync(NetworkAttachment attachment)
    {
        try
        {
            foreach (var (endpoint, network) in attachment.Endpoints)
            {
                // The server reads while the interface is made.
                if (network.DnsEnabled) await names.AddAsync(attachment, endpoint, network);
            }

            names.Tell();
            foreach (var (endpoint, network) in attachment.Endpoints) await BridgePorts.AttachAsync(attachment.NamespacePath, PortOf(endpoint, network));
        }
        catch
        {
            await TearDownAsync(attachment);
            throw;
        }
    }

    /// <summary>What is gone already is no error.</summary>
    public async Task TearDownAsync(NetworkAttachment attachment)
    {
        foreach (var (_, network) in attachment.Endpoints) await names.RemoveAsync(attachment.ContainerId, network);
        await names.TellOfRemovalAsync();
        if (!File.Exists(attachment.NamespacePath)) return;
        foreach (var (endpoint, _) in attachment.Endpoints) await BridgePorts.DetachAsync(attachment.NamespacePath, endpoint.InterfaceName);
    }

    private bool IsPlain((Endpoint Endpoint, Core.Networks.Network Network) pair) =>
        pair is { Network.Driver: "bridge", Endpoint: { IPv4.Length: > 0, IPv6: "", MacAddress.Length: > 0 } }
        && pair.Network.Options.Keys.All(KnownOptions.Contains)
        && keeper.Keeps(pair.Network);

    private static BridgePort PortOf(Endpoint endpoint, Core.Networks.Network network)
    {
        var parts = endpoint.IPv4.Split('/');
        var (address, length) = (IPAddress.Parse(parts[0]), int.Parse(parts[1], CultureInfo.InvariantCulture));
        _ = uint.TryParse(network.Options.GetValueOrDefault("mtu"), CultureInfo.InvariantCulture, out var mtu);
        var gateway = network.Internal || endpoint.IPv4Gateway.Length == 0 ? null : IPAddress.Parse(endpoint.IPv4Gateway);
        return new BridgePort(network.InterfaceName, endpoint.InterfaceName, endpoint.MacAddress, mtu, address, length, gateway, (uint)(endpoint.Metric > 0 ? endpoint.Metric : UsualMetric));
    }
}
