using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Networks;

/// <summary>Docker's network, in lists and inspection (reference/wire-types.md B3).</summary>
public sealed record NetworkReply
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    public required string Created { get; init; }

    public string Scope { get; init; } = "local";

    public required string Driver { get; init; }

    /// <summary>Since API 1.47; null leaves it out.</summary>
    [JsonPropertyName("EnableIPv4")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? EnableIPv4 { get; init; }

    [JsonPropertyName("EnableIPv6")]
    public bool EnableIPv6 { get; init; }

    [JsonPropertyName("IPAM")]
    public required Ipam Ipam { get; init; }

    public bool Internal { get; init; }

    public bool Attachable { get; init; }

    public bool Ingress { get; init; }

    public ConfigReference ConfigFrom { get; init; } = new();

    public bool ConfigOnly { get; init; }

    /// <summary>By container id; empty in lists.</summary>
    public IReadOnlyDictionary<string, EndpointResource> Containers { get; init; } = new Dictionary<string, EndpointResource>();

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Since API 1.52, not in lists; null leaves it out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NetworkStatus? Status { get; init; }
}

public sealed record NetworkStatus([property: JsonPropertyName("IPAM")] IpamStatus Ipam);

/// <param name="Subnets">By their CIDR texts.</param>
public sealed record IpamStatus(IReadOnlyDictionary<string, SubnetStatus> Subnets);

/// <summary>Both end at 2⁶⁴ − 1.</summary>
public sealed record SubnetStatus(
    [property: JsonPropertyName("IPsInUse")] ulong AddressesInUse,
    [property: JsonPropertyName("DynamicIPsAvailable")] ulong AddressesAvailable);

/// <summary>A container on a network; addresses in CIDR form.</summary>
public sealed record EndpointResource(
    string Name,
    [property: JsonPropertyName("EndpointID")] string EndpointId,
    string MacAddress,
    string IPv4Address,
    string IPv6Address);

public sealed record ConfigReference
{
    public string Network { get; init; } = "";
}

public sealed record Ipam
{
    public string Driver { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public IReadOnlyList<IpamConfig>? Config { get; init; }
}

public sealed record IpamConfig
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Subnet { get; init; }

    [JsonPropertyName("IPRange")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IpRange { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gateway { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? AuxiliaryAddresses { get; init; }
}
