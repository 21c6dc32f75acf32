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
    public string Bridge { get; init; } = "";

    [JsonPropertyName("SandboxID")]
    public required string SandboxId { get; init; }

    public required string SandboxKey { get; init; }

    /// <summary>A published port has its bindings, an exposed one null.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> Ports { get; init; }

    public bool HairpinMode { get; init; }

    public string LinkLocalIPv6Address { get; init; } = "";

    public int LinkLocalIPv6PrefixLen { get; init; }

    public IReadOnlyList<string>? SecondaryIPAddresses { get; init; }

    public IReadOnlyList<string>? SecondaryIPv6Addresses { get; init; }

    [JsonPropertyName("EndpointID")]
    public string EndpointId { get; init; } = "";

    public string Gateway { get; init; } = "";

    public string GlobalIPv6Address { get; init; } = "";

    public int GlobalIPv6PrefixLen { get; init; }

    public string IPAddress { get; init; } = "";

    public int IPPrefixLen { get; init; }

    public string IPv6Gateway { get; init; } = "";

    public string MacAddress { get; init; } = "";

    public required IReadOnlyDictionary<string, EndpointSettings> Networks { get; init; }
}
