using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Network;

/// <summary>
/// Keeps bridges up. netavark takes a bridge and its firewall chains down when the last port leaves and that costs more than all
/// the rest, so each bridge gets one more port: a veth end whose peer lives in a namespace where nobody is. To let go, netavark is told
/// to tear that namespace down like a container's; it removes the bridge if no container is left on it. What to tell it lies in
/// a file beside the namespace, so that a keeper left by a killed service can be let go by the next. Callers hold the driver's lock.
/// </summary>
internal sealed class BridgeKeeper(NetavarkCommand netavark, StorePaths paths, BridgeNamespace space)
{
    private const string Inside = "eth0";

    private string Directory => Path.Join(paths.NetworkRun, "keep");

    /// <summary>Gives the network's bridge, which must be up, its keeper; false: it has one.</summary>
    public async Task<bool> KeepAsync(Core.Networks.Network network)
    {
        if (Keeps(network)) return false;
        System.IO.Directory.CreateDirectory(Directory);
        NetworkNamespace.Remove(NamespaceOf(network.Id));
        await File.WriteAllBytesAsync(ConfigOf(network.Id), NetavarkCommand.Serialize(Config(network)));
        NetworkNamespace.SetBridgeAddress(space, network.InterfaceName, AddressOf(network));
        await NetworkNamespace.CreateOnBridgeAsync(space, NamespaceOf(network.Id), Inside, PortOf(network), network.InterfaceName);
        return true;
    }

    public bool Keeps(Core.Networks.Network network)
    {
        if (!File.Exists(ConfigOf(network.Id))) return false;
        var interfaces = space.Interfaces();
        return interfaces.Contains(network.InterfaceName) && interfaces.Contains(PortOf(network));
    }

    /// <summary>Takes down what a set-up that was cut off has left of a network, where no container is on it.</summary>
    public async Task SweepAsync(Core.Networks.Network network, CancellationToken cancellationToken)
    {
        if (network.Driver != "bridge" || Keeps(network) || !space.Interfaces().Contains(network.InterfaceName)) return;
        // With the last port that leaves a bridge netavark takes all away, and without one it takes nothing.
        await KeepAsync(network);
        await ReleaseAsync(network.Id, cancellationToken);
    }

    public bool KeepsAny => System.IO.Directory.Exists(Directory) && System.IO.Directory.EnumerateFiles(Directory, "*.json").Any();

    /// <summary>The bridges that are kept up, by their interfaces' names.</summary>
    public IReadOnlyList<string> Bridges() =>
        System.IO.Directory.Exists(Directory) ? [.. System.IO.Directory.GetFiles(Directory, "*.json").Select(file => BridgeOf(File.ReadAllBytes(file)))] : [];

    public Task ReleaseAsync(string networkId, CancellationToken cancellationToken) => ReleaseFileAsync(ConfigOf(networkId), cancellationToken);

    public async Task ReleaseAllAsync(CancellationToken cancellationToken)
    {
        if (!System.IO.Directory.Exists(Directory)) return;
        foreach (var file in System.IO.Directory.GetFiles(Directory, "*.json")) await ReleaseFileAsync(file, cancellationToken);
    }

    private async Task ReleaseFileAsync(string configFile, CancellationToken cancellationToken)
    {
        if (!File.Exists(configFile)) return;
        var namespacePath = Path.ChangeExtension(configFile, null);
        var config = await File.ReadAllBytesAsync(configFile, cancellationToken);
        try
        {
            if (NetworkNamespace.IsThere(namespacePath)) await netavark.RunAsync("teardown", namespacePath, config, cancellationToken);
        }
        catch (EngineException exception) when (exception.Kind == ErrorKind.Internal && !space.Interfaces().Contains(BridgeOf(config)))
        {
            // The service that was killed in the middle of this had it done.
        }
        finally
        {
            NetworkNamespace.Remove(namespacePath);
            File.Delete(configFile);
        }
    }

    // Without names and ports; the address is never given to the interface.
    private static NetavarkConfig Config(Core.Networks.Network network)
    {
        var endpoint = new NetavarkEndpoint { StaticIps = [.. NetavarkNetwork.SubnetsOf(network).Select(subnet => subnet.Gateway)], InterfaceName = Inside };
        return new NetavarkConfig
        {
            ContainerId = network.Id,
            ContainerName = "bridge-keeper",
            Networks = new() { [NetavarkConfig.NameOf(network)] = endpoint },
            NetworkInfo = new() { [NetavarkConfig.NameOf(network)] = NetavarkNetwork.For(network) with { DnsEnabled = false } },
        };
    }

    private static string BridgeOf(byte[] config) => JsonSerializer.Deserialize(config, NetavarkJson.Default.NetavarkConfig)!.NetworkInfo.Single().Value.NetworkInterface;

    // By the bridge, which is one on the host; another store's network may have the same id.
    private static string PortOf(Core.Networks.Network network) => "pskeep" + Convert.ToHexStringLower(HashOf(network))[..8];

    // Locally administered, and the same at each start.
    private static byte[] AddressOf(Core.Networks.Network network) => [0x02, .. HashOf(network)[^5..]];

    private static byte[] HashOf(Core.Networks.Network network) => SHA256.HashData(Encoding.UTF8.GetBytes(network.InterfaceName));

    private string NamespaceOf(string networkId) => Path.Join(Directory, networkId);

    private string ConfigOf(string networkId) => Path.Join(Directory, networkId + ".json");
}
