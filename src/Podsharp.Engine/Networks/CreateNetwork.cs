using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Networks;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Networks;

/// <param name="Driver">bridge (also where it is empty), macvlan or ipvlan.</param>
/// <param name="InterfaceName">The bridge's name, made up where it is empty; the parent interface of the other drivers.</param>
/// <param name="Subnets">Empty: one is picked. Gateway and range may be empty in each.</param>
/// <param name="Options">In the driver's words, see <see cref="NetworkOptionCheck"/>.</param>
public sealed record CreateNetworkRequest(
    string Name,
    string Driver,
    string InterfaceName,
    IReadOnlyList<Subnet> Subnets,
    bool IPv6Enabled,
    bool Internal,
    bool DnsEnabled,
    IReadOnlyDictionary<string, string> Options,
    IReadOnlyDictionary<string, string> Labels)
{
    public bool IPv6Only { get; init; }

    public bool Attachable { get; init; }

    public string PublishedOn { get; init; } = "";

    /// <summary>See <see cref="Network.WrittenOptions"/>.</summary>
    public IReadOnlyDictionary<string, string>? WrittenOptions { get; init; }

    /// <summary>See <see cref="Network.IpamOptionsGiven"/>.</summary>
    public bool IpamOptionsGiven { get; init; }
}

/// <summary>Makes a network. Conflict for a name that is taken, Forbidden for a subnet that overlaps another's.</summary>
public sealed class CreateNetwork(
    NetworkCatalog catalog, INetworkStore store, INetworkDriver driver, IHostNetworks host, EngineOptions options, EventPublisher events, TimeProvider clock)
{
    private const int InterfaceNameMaximum = 15;

    private static readonly SearchValues<char> InterfaceNameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    public async Task<Network> RunAsync(CreateNetworkRequest request, CancellationToken cancellationToken)
    {
        request = request with { Driver = request.Driver.Length == 0 ? NetworkOptionCheck.Bridge : request.Driver };
        CheckName(request.Name);
        CheckDriver(request.Driver);
        NetworkOptionCheck.Check(request.Driver, request.Options);

        var taken = await catalog.AllAsync(cancellationToken);
        await catalog.Writing.WaitAsync(cancellationToken);
        Network network;
        try
        {
            if (taken.Concat(store.All).Any(other => other.Name == request.Name))
                throw EngineException.Conflict($"network with name {request.Name} already exists", "network already exists");
            network = Make(request);
            await driver.CheckAsync(network, cancellationToken);
            await store.AddAsync(network, cancellationToken);
        }
        finally
        {
            catalog.Writing.Release();
        }

        events.Network(network, "create");
        return network;
    }

    private Network Make(CreateNetworkRequest request)
    {
        var id = RandomNumberGenerator.GetHexString(64, lowercase: true);
        return new Network
        {
            Id = id,
            Name = request.Name,
            Driver = request.Driver,
            InterfaceName = request.Driver == NetworkOptionCheck.Bridge ? BridgeName(request.InterfaceName, id) : Parent(request),
            Created = clock.GetUtcNow(),
            Subnets = Subnets(request, id),
            IPv6Only = request.IPv6Only,
            IPv6Enabled = request.IPv6Enabled,
            Internal = request.Internal,
            Attachable = request.Attachable,
            PublishedOn = request.PublishedOn,
            // A server of names needs an address of the host's on the network.
            DnsEnabled = request.DnsEnabled && request.Driver == NetworkOptionCheck.Bridge,
            Options = request.Options,
            WrittenOptions = request.WrittenOptions,
            IpamOptionsGiven = request.IpamOptionsGiven,
            Labels = request.Labels,
        };
    }

    // A name is for people: on disk, and where interfaces and firewalls are concerned, a network goes by its id. Lists and logs are lines.
    private void CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl))
            throw EngineException.InvalidInput($"invalid name: \"{name}\": want one that is not empty, without control characters");
        if (name is NetworkCatalog.HostName or NetworkCatalog.NoneName or "default" || name == options.DefaultNetwork)
            throw new EngineException(ErrorKind.Forbidden, $"operation is not permitted on predefined {name} network ");
    }

    private static void CheckDriver(string driver)
    {
        if (NetworkOptionCheck.IsDriver(driver)) return;
        throw driver switch
        {
            "host" or "null" => new EngineException(ErrorKind.Forbidden, $"only one instance of \"{driver}\" network is allowed"),
            "overlay" => EngineException.NotSupported("networks with driver overlay span several machines and are not supported: use bridge"),
            _ => new EngineException(ErrorKind.NotFound, $"plugin \"{driver}\" not found"),
        };
    }

    private string BridgeName(string wanted, string id)
    {
        if (wanted.Length == 0) return $"ps-{id[..12]}";
        if (wanted.Length > InterfaceNameMaximum || wanted.AsSpan().ContainsAnyExcept(InterfaceNameCharacters))
            throw EngineException.InvalidInput($"invalid bridge name \"{wanted}\": want at most {InterfaceNameMaximum} letters, digits, '.', '-', '_'");
        return store.All.Any(network => network.InterfaceName == wanted) || host.Interfaces().Contains(wanted)
            ? throw EngineException.Conflict($"interface {wanted} is in use already")
            : wanted;
    }

    private string Parent(CreateNetworkRequest request)
    {
        if (request.InterfaceName.Length == 0)
            throw EngineException.InvalidInput($"a network of driver {request.Driver} needs its parent interface on the host: give option parent");
        if (request.InterfaceName == "lo") throw EngineException.InvalidInput($"loopback interface is not a valid {request.Driver} parent link");
        if (!host.Interfaces().Contains(request.InterfaceName))
            throw EngineException.InvalidInput($"-o parent interface was not found on the host: {request.InterfaceName}");
        return request.InterfaceName;
    }

    private List<Subnet> Subnets(CreateNetworkRequest request, string id)
    {
        if (request is { IPv6Only: true, IPv6Enabled: false }) throw EngineException.InvalidInput("IPv4 or IPv6 must be enabled");
        var subnets = new List<Subnet>();
        foreach (var subnet in request.Subnets.Where(IsSaid).Select(SubnetCheck.Complete))
        {
            var cidr = IPNetwork.Parse(subnet.Cidr);
            if (catalog.IsInStore(cidr, except: null) || subnets.Exists(other => SubnetChoice.Overlap(IPNetwork.Parse(other.Cidr), cidr)))
                throw new EngineException(ErrorKind.Forbidden, "Pool overlaps with other one on this address space");
            if (subnets.Exists(other => FamilyOf(other) == FamilyOf(subnet)))
                throw new EngineException(ErrorKind.Forbidden, $"{request.Driver} driver doesn't support multiple subnets");
            if (request.IPv6Only && FamilyOf(subnet) == AddressFamily.InterNetwork)
                throw EngineException.InvalidInput("invalid network config:\nan IPv4 subnet needs IPv4 to be enabled on the network");
            subnets.Add(subnet);
        }

        if (!request.IPv6Only && !subnets.Exists(subnet => FamilyOf(subnet) == AddressFamily.InterNetwork)) subnets.Insert(0, Pick());
        if (request.IPv6Enabled && !subnets.Exists(subnet => FamilyOf(subnet) == AddressFamily.InterNetworkV6)) subnets.Add(Picked(SubnetChoice.UniqueLocal(id)));
        return subnets;
    }

    private static bool IsSaid(Subnet subnet) => subnet.Cidr.Length + subnet.Gateway.Length + subnet.Range.Length > 0 || subnet.Reserved is { Count: > 0 };

    private Subnet Pick()
    {
        var free = SubnetChoice.ForUser().FirstOrDefault(subnet => catalog.IsFree(subnet, except: null));
        return free != default ? Picked(free) : throw EngineException.Exhausted("all predefined address pools have been fully subnetted: give a subnet, or remove networks");
    }

    private static Subnet Picked(IPNetwork subnet) => new(subnet.ToString(), SubnetChoice.FirstAddress(subnet).ToString(), "");

    private static AddressFamily FamilyOf(Subnet subnet) => IPNetwork.Parse(subnet.Cidr).BaseAddress.AddressFamily;
}
