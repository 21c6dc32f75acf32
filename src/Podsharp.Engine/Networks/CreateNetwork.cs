using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Networks;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Networks;

/// <param name="Driver">Empty or bridge.</param>
/// <param name="InterfaceName">The bridge's name; empty: made up.</param>
/// <param name="Subnets">Empty: one is picked. Gateway and range may be empty in each.</param>
/// <param name="Options">mtu, isolate, metric, no_default_route, vrf, vlan.</param>
public sealed record CreateNetworkRequest(
    string Name,
    string Driver,
    string InterfaceName,
    IReadOnlyList<Subnet> Subnets,
    bool IPv6Enabled,
    bool Internal,
    bool DnsEnabled,
    IReadOnlyDictionary<string, string> Options,
    IReadOnlyDictionary<string, string> Labels);

/// <summary>Makes a bridge network. Conflict for a name that is taken, Forbidden for a subnet that overlaps another.</summary>
public sealed class CreateNetwork(NetworkCatalog catalog, INetworkStore store, IHostNetworks host, EngineOptions options, EventPublisher events, TimeProvider clock)
{
    private const int InterfaceNameMaximum = 15;

    private static readonly string[] KnownOptions = ["mtu", "isolate", "metric", "no_default_route", "vrf", "vlan"];
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    public async Task<Network> RunAsync(CreateNetworkRequest request, CancellationToken cancellationToken)
    {
        CheckName(request.Name);
        CheckDriver(request.Driver);
        if (request.Options.Keys.FirstOrDefault(key => !KnownOptions.Contains(key)) is { } unknown)
            throw EngineException.InvalidInput($"unsupported bridge network option \"{unknown}\": want one of {string.Join(", ", KnownOptions)}");

        var taken = await catalog.AllAsync(cancellationToken);
        await catalog.Writing.WaitAsync(cancellationToken);
        Network network;
        try
        {
            if (taken.Concat(store.All).Any(other => other.Name == request.Name))
                throw EngineException.Conflict($"network with name {request.Name} already exists", "network already exists");
            var id = RandomNumberGenerator.GetHexString(64, lowercase: true);
            network = new Network
            {
                Id = id,
                Name = request.Name,
                Driver = "bridge",
                InterfaceName = InterfaceName(request.InterfaceName, id),
                Created = clock.GetUtcNow(),
                Subnets = Subnets(request, id),
                IPv6Enabled = request.IPv6Enabled,
                Internal = request.Internal,
                DnsEnabled = request.DnsEnabled,
                Options = request.Options,
                Labels = request.Labels,
            };
            await store.AddAsync(network, cancellationToken);
        }
        finally
        {
            catalog.Writing.Release();
        }

        events.Network(network, "create");
        return network;
    }

    private void CheckName(string name)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameCharacters) || !char.IsAsciiLetterOrDigit(name[0]))
            throw EngineException.InvalidInput($"invalid name: \"{name}\": want [a-zA-Z0-9][a-zA-Z0-9_.-]*");
        if (name is NetworkCatalog.HostName or NetworkCatalog.NoneName or "default" || name == options.DefaultNetwork)
            throw new EngineException(ErrorKind.Forbidden, $"operation is not permitted on predefined {name} network ");
    }

    private static void CheckDriver(string driver)
    {
        switch (driver)
        {
            case "" or "bridge":
                return;
            case "host" or "null":
                throw new EngineException(ErrorKind.Forbidden, $"only one instance of \"{driver}\" network is allowed");
            case "macvlan" or "ipvlan" or "overlay":
                throw EngineException.NotSupported($"networks with driver {driver} are not supported: use bridge");
            default:
                throw new EngineException(ErrorKind.NotFound, $"plugin \"{driver}\" not found");
        }
    }

    private string InterfaceName(string wanted, string id)
    {
        if (wanted.Length == 0) return $"ps-{id[..12]}";
        if (wanted.Length > InterfaceNameMaximum || wanted.AsSpan().ContainsAnyExcept(NameCharacters))
            throw EngineException.InvalidInput($"invalid bridge name \"{wanted}\": want at most {InterfaceNameMaximum} letters, digits, '.', '-', '_'");
        return store.All.Any(network => network.InterfaceName == wanted) || host.Interfaces().Contains(wanted)
            ? throw EngineException.Conflict($"interface {wanted} is in use already")
            : wanted;
    }

    private List<Subnet> Subnets(CreateNetworkRequest request, string id)
    {
        var subnets = request.Subnets.Where(subnet => subnet.Cidr.Length > 0).Select(SubnetCheck.Complete).ToList();
        foreach (var subnet in subnets)
        {
            if (catalog.IsInStore(IPNetwork.Parse(subnet.Cidr), except: null))
                throw new EngineException(ErrorKind.Forbidden, $"Pool overlaps with other one on this address space: {subnet.Cidr}");
        }

        var unplaced = request.Subnets.Where(subnet => subnet.Cidr.Length == 0 && (subnet.Gateway.Length > 0 || subnet.Range.Length > 0)).ToList();
        if (unplaced.Count > 0) throw EngineException.InvalidInput("invalid network config:\na gateway or an ip-range needs a subnet");
        if (!subnets.Exists(subnet => FamilyOf(subnet) == AddressFamily.InterNetwork)) subnets.Insert(0, Pick());
        if (request.IPv6Enabled && !subnets.Exists(subnet => FamilyOf(subnet) == AddressFamily.InterNetworkV6)) subnets.Add(Picked(SubnetChoice.UniqueLocal(id)));
        if (!request.IPv6Enabled && subnets.Exists(subnet => FamilyOf(subnet) == AddressFamily.InterNetworkV6))
            throw EngineException.InvalidInput("invalid network config:\nan IPv6 subnet needs IPv6 to be enabled on the network");
        return subnets;
    }

    private Subnet Pick()
    {
        var free = SubnetChoice.ForUser().FirstOrDefault(subnet => catalog.IsFree(subnet, except: null));
        return free != default ? Picked(free) : throw EngineException.Exhausted("all predefined address pools have been fully subnetted: give a subnet, or remove networks");
    }

    private static Subnet Picked(IPNetwork subnet) => new(subnet.ToString(), SubnetChoice.FirstAddress(subnet).ToString(), "");

    private static AddressFamily FamilyOf(Subnet subnet) => IPNetwork.Parse(subnet.Cidr).BaseAddress.AddressFamily;
}
