using Podsharp.Core.Containers;

namespace Podsharp.Core.Networks;

/// <summary>How a container asks to be on one network.</summary>
public sealed record EndpointSpec
{
    public string IPv4Address { get; init; } = "";

    public string IPv6Address { get; init; } = "";

    public IReadOnlyList<string> LinkLocalAddresses { get; init; } = [];

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public IReadOnlyList<string> Links { get; init; } = [];

    public string MacAddress { get; init; } = "";

    /// <summary>Null: not said, which inspection tells from none.</summary>
    public IReadOnlyDictionary<string, string>? DriverOptions { get; init; }

    public int GatewayPriority { get; init; }
}

/// <summary>A container's live place on one network.</summary>
public sealed record Endpoint
{
    public required string NetworkName { get; init; }

    public required string NetworkId { get; init; }

    /// <summary>64 hex digits, new for each start.</summary>
    public required string EndpointId { get; init; }

    public required string InterfaceName { get; init; }

    /// <summary>With prefix length: 10.89.0.2/24. Empty without IPv4.</summary>
    public string IPv4 { get; init; } = "";

    public string IPv4Gateway { get; init; } = "";

    public string IPv6 { get; init; } = "";

    public string IPv6Gateway { get; init; } = "";

    public string MacAddress { get; init; } = "";

    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Of its default route: the lowest of a container's networks is its way out. 0: the driver's default.</summary>
    public int Metric { get; init; }

    /// <summary>It is being made for, or taken from, a container that runs; where this outlives the service, it is taken away.</summary>
    public bool Unsettled { get; init; }
}

/// <summary>One published port with its choices made.</summary>
/// <param name="HostIp">Empty: all addresses of both families.</param>
public sealed record PublishedPort(PortKey Container, string HostIp, ushort HostPort);
