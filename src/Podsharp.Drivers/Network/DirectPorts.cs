using System.Globalization;
using System.Net;
using Podsharp.Core.Networks;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

/// <summary>
/// Puts containers on bridges by netlink where netavark would do no more than that. On a bridge that is up, the firewall rules of its network stand, and a
/// container adds at most those of its published ports; netavark still makes sure of all by some sixteen programs a call, one call at a time. What this
/// leaves is what netavark would have left, so that each undoes the other's work. Callers hold the driver's lock.
/// </summary>
internal sealed class DirectPorts(BridgeKeeper keeper, NameRecords names, PortForwards forwards, BridgeNamespace space)
{
    private const int UsualMetric = 100;

    // What the others ask for is netavark's to know.
    private static readonly string[] KnownOptions = ["mtu", "isolate"];

    public bool CanSetUp(NetworkAttachment attachment) =>
        attachment.Endpoints.All(pair => IsPlain(pair)
            && (attachment.Ports.Count == 0 || !pair.Network.CarriesPorts() || forwards.CanAdd(pair.Network))
            && (!pair.Network.DnsEnabled || names.Serves(pair.Network)));

    public bool CanTearDown(NetworkAttachment attachment) => attachment.Endpoints.All(IsPlain);

    public async Task SetUpAsync(NetworkAttachment attachment)
    {
        // Beside all the rest, for that is a program's work.
        var rules = attachment.Ports.Count == 0 ? Task.CompletedTask : forwards.AddAsync(attachment);
        try
        {
            foreach (var (endpoint, network) in attachment.Endpoints)
            {
                // The server reads while the interface is made.
                if (network.DnsEnabled) await names.AddAsync(attachment, endpoint, network);
            }

            names.Tell();
            foreach (var (endpoint, network) in attachment.Endpoints) await BridgePorts.AttachAsync(space, attachment.NamespacePath, PortOf(endpoint, network));
            await rules;
        }
        catch
        {
            if (await HasSucceededAsync(rules) && attachment.Ports.Count > 0) await forwards.TryRemoveAsync(attachment);
            await DetachAsync(attachment);
            throw;
        }
    }

    /// <summary>What is gone already is no error.</summary>
    /// <returns>false: the rules of its ports are not as they were made; nothing has been done.</returns>
    public async Task<bool> TryTearDownAsync(NetworkAttachment attachment)
    {
        if (attachment.Ports.Count > 0 && !await forwards.TryRemoveAsync(attachment)) return false;
        await DetachAsync(attachment);
        return true;
    }

    private static async Task<bool> HasSucceededAsync(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompletedSuccessfully;
    }

    private async Task DetachAsync(NetworkAttachment attachment)
    {
        foreach (var (_, network) in attachment.Endpoints) await names.RemoveAsync(attachment.ContainerId, network);
        await names.TellOfRemovalAsync();
        if (!NetworkNamespace.IsThere(attachment.NamespacePath)) return;
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
