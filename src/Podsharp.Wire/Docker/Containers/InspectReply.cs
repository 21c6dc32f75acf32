using System.Text.Json;
using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Containers;

/// <summary>GET /containers/{id}/json. Times are RFC3339Nano texts.</summary>
public sealed record InspectReply
{
    public required string Id { get; init; }

    public required string Created { get; init; }

    public required string Path { get; init; }

    public required IReadOnlyList<string> Args { get; init; }

    public required StateReply State { get; init; }

    public required string Image { get; init; }

    public required string ResolvConfPath { get; init; }

    public required string HostnamePath { get; init; }

    public required string HostsPath { get; init; }

    public required string LogPath { get; init; }

    /// <summary>With a leading slash.</summary>
    public required string Name { get; init; }

    public required int RestartCount { get; init; }

    public required string Driver { get; init; }

    public required string Platform { get; init; }

    public required string MountLabel { get; init; }

    public required string ProcessLabel { get; init; }

    public required string AppArmorProfile { get; init; }

    /// <summary>Null when there are none.</summary>
    [JsonPropertyName("ExecIDs")]
    public required IReadOnlyList<string>? ExecIds { get; init; }

    public required HostConfig HostConfig { get; init; }

    public required DriverData GraphDriver { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRw { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRootFs { get; init; }

    public required IReadOnlyList<MountPoint> Mounts { get; init; }

    public required ContainerConfig Config { get; init; }

    public required NetworkSettings NetworkSettings { get; init; }
}

public sealed record StateReply
{
    public required string Status { get; init; }

    public required bool Running { get; init; }

    public required bool Paused { get; init; }

    public required bool Restarting { get; init; }

    [JsonPropertyName("OOMKilled")]
    public required bool OomKilled { get; init; }

    public required bool Dead { get; init; }

    public required int Pid { get; init; }

    public required int ExitCode { get; init; }

    public required string Error { get; init; }

    public required string StartedAt { get; init; }

    public required string FinishedAt { get; init; }

    /// <summary>Left out where there is no health check.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HealthReply? Health { get; init; }
}

/// <param name="Status">starting, healthy, unhealthy.</param>
public sealed record HealthReply(string Status, int FailingStreak, IReadOnlyList<ProbeReply> Log);

public sealed record ProbeReply(string Start, string End, int ExitCode, string Output);

public sealed record DriverData(IReadOnlyDictionary<string, string> Data, string Name);

/// <summary>The fields up to SandboxKey and from EndpointID on, but for Networks, ended with API 1.51: they show the default network's endpoint.</summary>
public sealed record NetworkSettings
{
    private static readonly Dictionary<string, JsonElement> NoSecondary = new()
    {
        ["SecondaryIPAddresses"] = JsonDocument.Parse("null").RootElement,
        ["SecondaryIPv6Addresses"] = JsonDocument.Parse("null").RootElement,
    };

    [JsonPropertyName("SandboxID")]
    public required string SandboxId { get; init; }

    public required string SandboxKey { get; init; }

    /// <summary>A published port has its bindings, an exposed one null.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> Ports { get; init; }

    public required IReadOnlyDictionary<string, EndpointSettings> Networks { get; init; }

    /// <summary>Below API 1.52 alone, as all that follow; null leaves them out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Bridge { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? HairpinMode { get; init; }

    [JsonPropertyName("LinkLocalIPv6Address")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LinkLocalIPv6Address { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LinkLocalIPv6PrefixLen { get; init; }

    [JsonPropertyName("EndpointID")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EndpointId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gateway { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GlobalIPv6Address { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? GlobalIPv6PrefixLen { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IPAddress { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? IPPrefixLen { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IPv6Gateway { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MacAddress { get; init; }

    /// <summary>SecondaryIPAddresses and SecondaryIPv6Addresses, which are always null, and are written so.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Secondary { get; set; }

    /// <summary>The same with the address on the default network at the top.</summary>
    public NetworkSettings WithDefaultNetwork(EndpointSettings main) => this with
    {
        Bridge = "",
        HairpinMode = false,
        LinkLocalIPv6Address = "",
        LinkLocalIPv6PrefixLen = 0,
        EndpointId = main.EndpointId,
        Gateway = main.Gateway,
        GlobalIPv6Address = main.GlobalIPv6Address,
        GlobalIPv6PrefixLen = main.GlobalIPv6PrefixLen,
        IPAddress = main.IPAddress,
        IPPrefixLen = main.IPPrefixLen,
        IPv6Gateway = main.IPv6Gateway,
        MacAddress = main.MacAddress,
        Secondary = NoSecondary,
    };
}
