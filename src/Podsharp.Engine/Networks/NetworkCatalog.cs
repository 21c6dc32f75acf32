using System.Net;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Networks;

/// <summary>All networks: those of the store, the default one (made when first asked for) and the predefined host and none.</summary>
public sealed class NetworkCatalog(
    INetworkStore store, INetworkDriver driver, IHostNetworks host, AddressPool addresses, EngineOptions options, TimeProvider clock)
{
    public const string HostName = "host";

    public const string NoneName = "none";

    // SHA-256 of "podsharp network NAME", written out: the service's start must not load a cryptographic library for three names.
    private const string DefaultId = "397e8abbe508de391dd2044aa49175052ddd00533805b6b3ce4b46794df10ff5";
    private const string HostId = "adf6541565956d8ab977065525635932dbfca08f314368e9e9edcd25140b9dab";
    private const string NoneId = "2252c3fe1f90ba848c35e2176cae868a6fd1645f638ad0804893471edca99177";

    private readonly Network[] _withoutBridge =
    [
        new() { Id = HostId, Name = HostName, Driver = "host", Created = clock.GetUtcNow(), Predefined = true },
        new() { Id = NoneId, Name = NoneName, Driver = "null", Created = clock.GetUtcNow(), Predefined = true },
    ];

    /// <summary>Held while a network's name, subnet and interface are chosen and written.</summary>
    internal SemaphoreSlim Writing { get; } = new(1, 1);

    public async Task<IReadOnlyList<Network>> AllAsync(CancellationToken cancellationToken)
    {
        await DefaultAsync(cancellationToken);
        return [.. _withoutBridge, .. store.All];
    }

    /// <summary>By exact name, exact id or unique id prefix; "default" is the default network. NotFound otherwise.</summary>
    public async Task<Network> GetAsync(string nameOrId, CancellationToken cancellationToken)
    {
        if (nameOrId == "default") return await DefaultAsync(cancellationToken);
        var all = await AllAsync(cancellationToken);
        var exact = all.FirstOrDefault(network => network.Name == nameOrId) ?? all.FirstOrDefault(network => network.Id == nameOrId);
        if (exact is not null) return exact;
        var matches = nameOrId.Length == 0 ? [] : all.Where(network => network.Id.StartsWith(nameOrId, StringComparison.Ordinal)).ToList();
        return matches.Count switch
        {
            1 => matches[0],
            0 => throw EngineException.NoSuchNetwork(nameOrId),
            _ => throw EngineException.InvalidInput($"network {nameOrId} is ambiguous ({matches.Count} matches found based on ID prefix)"),
        };
    }

    /// <summary>The default network, for a container about to be put on it: moved out of the way of the host's routes while nobody is on it.</summary>
    public async Task<Network> DefaultAsync(CancellationToken cancellationToken)
    {
        if (store.Find(DefaultId) is { } present && (addresses.Owners(DefaultId).Count > 0 || IsUndisturbed(present))) return present;
        await Writing.WaitAsync(cancellationToken);
        try
        {
            var found = store.Find(DefaultId);
            if (found is not null && (addresses.Owners(DefaultId).Count > 0 || IsUndisturbed(found))) return found;
            var network = MakeDefault(found);
            if (found is not null) await store.RemoveAsync(DefaultId, cancellationToken);
            await store.AddAsync(network, cancellationToken);
            return network;
        }
        finally
        {
            Writing.Release();
        }
    }

    // Another store's service may have taken bridge or subnet first, or the host may have moved into it.
    private bool IsUndisturbed(Network network)
    {
        if (driver.Keeps(network)) return true;
        var subnets = network.Subnets.Select(subnet => IPNetwork.Parse(subnet.Cidr)).ToList();
        return !host.Interfaces().Contains(network.InterfaceName)
            && !host.Subnets().Any(theirs => subnets.Any(ours => SubnetChoice.Overlap(ours, theirs.Network)));
    }

    private Network MakeDefault(Network? before)
    {
        var subnet = SubnetChoice.ForDefault().Prepend(IPNetwork.Parse(options.DefaultSubnet)).FirstOrDefault(candidate => IsFree(candidate, before?.Id));
        if (subnet == default)
            throw EngineException.Exhausted($"no free subnet for the default network: set default_subnet in containers.conf ({options.DefaultSubnet} is taken)");
        return new Network
        {
            Id = DefaultId,
            Name = options.DefaultNetwork,
            Driver = "bridge",
            InterfaceName = FreeInterface(options.DefaultBridge),
            Created = before?.Created ?? clock.GetUtcNow(),
            Subnets = [new Subnet(subnet.ToString(), SubnetChoice.FirstAddress(subnet).ToString(), "")],
            Predefined = true,
        };
    }

    /// <summary>Neither the host nor another network (but for <paramref name="except"/>) is in it.</summary>
    internal bool IsFree(IPNetwork subnet, string? except) =>
        !host.Subnets().Any(taken => SubnetChoice.Overlap(taken.Network, subnet)) && !IsInStore(subnet, except);

    internal bool IsInStore(IPNetwork subnet, string? except) => store.All.Any(network =>
        network.Id != except && network.Subnets.Any(taken => SubnetChoice.Overlap(IPNetwork.Parse(taken.Cidr), subnet)));

    private string FreeInterface(string first)
    {
        var taken = host.Interfaces();
        var stem = first.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return taken.Contains(first)
            ? Enumerable.Range(0, int.MaxValue).Select(number => $"{stem}{number}").First(name => !taken.Contains(name))
            : first;
    }
}
