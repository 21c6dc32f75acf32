namespace Podsharp.Core.Networks;

/// <summary>A network definition in the store.</summary>
public sealed record Network
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>bridge, macvlan, ipvlan; the predefined host and none have the drivers "host" and "null".</summary>
    public required string Driver { get; init; }

    /// <summary>Host interface: the bridge's name or the parent device.</summary>
    public string InterfaceName { get; init; } = "";

    public required DateTimeOffset Created { get; init; }

    public IReadOnlyList<Subnet> Subnets { get; init; } = [];

    /// <summary>No IPv4 address is given on it.</summary>
    public bool IPv6Only { get; init; }

    public bool IPv6Enabled { get; init; }

    public bool Internal { get; init; }

    public bool DnsEnabled { get; init; }

    /// <summary>Part of the engine: cannot be removed.</summary>
    public bool Predefined { get; init; }

    /// <summary>The host's address that ports are published on where their container names none; empty: all of them.</summary>
    public string? PublishedOn { get; init; }

    /// <summary>Shown to clients; any container may be on any network.</summary>
    public bool Attachable { get; init; }

    /// <summary>In the driver's words: mtu, isolate, mode …</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>The options as the network's maker wrote them, for clients that compare; null: <see cref="Options"/>.</summary>
    public IReadOnlyDictionary<string, string>? WrittenOptions { get; init; }

    /// <summary>Options of address management were given, empty as they can only be; kept for inspection only.</summary>
    public bool IpamOptionsGiven { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Ports of containers on it can be published: an internal network is not reached from outside, and others have no part on the host.</summary>
    public bool CarriesPorts() => Driver == "bridge" && !Internal;
}

/// <param name="Cidr">10.89.0.0/24.</param>
/// <param name="Gateway">10.89.0.1.</param>
/// <param name="Range">CIDR from which addresses are taken; empty: the whole subnet.</param>
public sealed record Subnet(string Cidr, string Gateway, string Range)
{
    /// <summary>Addresses by name that are somebody else's and never given; null: none.</summary>
    public IReadOnlyDictionary<string, string>? Reserved { get; init; }
}
