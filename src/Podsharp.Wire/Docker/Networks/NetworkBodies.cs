using System.Text.Json.Serialization;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Wire.Docker.Networks;

/// <summary>The body of network create. Null where the client said nothing.</summary>
public sealed record CreateNetworkBody : AskedObject
{
    public string? Name { get; init; }

    public string? Driver { get; init; }

    public string? Scope { get; init; }

    /// <summary>Asked for by old clients; a name is given once anyhow.</summary>
    public bool? CheckDuplicate { get; init; }

    [JsonPropertyName("EnableIPv4")]
    public bool? EnableIPv4 { get; init; }

    [JsonPropertyName("EnableIPv6")]
    public bool? EnableIPv6 { get; init; }

    [JsonPropertyName("IPAM")]
    public Ipam? Ipam { get; init; }

    public bool? Internal { get; init; }

    public bool? Attachable { get; init; }

    public bool? Ingress { get; init; }

    public bool? ConfigOnly { get; init; }

    public ConfigReference? ConfigFrom { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>The body of network connect.</summary>
public sealed record ConnectBody : AskedObject
{
    public string? Container { get; init; }

    public EndpointSettings? EndpointConfig { get; init; }
}

public sealed record DisconnectBody : AskedObject
{
    public string? Container { get; init; }

    public bool? Force { get; init; }
}

public sealed record CreateNetworkReply(string Id, string Warning);

public sealed record PruneNetworksReply(IReadOnlyList<string>? NetworksDeleted);

public sealed record ReloadNetworksReply(IReadOnlyList<string> Containers, IReadOnlyList<ReloadFailure> Failures);

public sealed record ReloadFailure(string Container, string Message);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(NetworkReply))]
[JsonSerializable(typeof(IReadOnlyList<NetworkReply>))]
[JsonSerializable(typeof(CreateNetworkBody))]
[JsonSerializable(typeof(CreateNetworkReply))]
[JsonSerializable(typeof(PruneNetworksReply))]
[JsonSerializable(typeof(ConnectBody))]
[JsonSerializable(typeof(DisconnectBody))]
[JsonSerializable(typeof(ReloadNetworksReply))]
public sealed partial class NetworkJson : JsonSerializerContext;
