using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Containers;

/// <summary>One container of GET /containers/json (Docker's Summary).</summary>
public sealed record ListEntry
{
    public required string Id { get; init; }

    /// <summary>Each with a leading slash.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required string Image { get; init; }

    [JsonPropertyName("ImageID")]
    public required string ImageId { get; init; }

    public required string Command { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long Created { get; init; }

    public required IReadOnlyList<PortSummary> Ports { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRw { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRootFs { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required string State { get; init; }

    public required string Status { get; init; }

    public required HostConfigSummary HostConfig { get; init; }

    public required NetworkSettingsSummary NetworkSettings { get; init; }

    public required IReadOnlyList<MountPoint> Mounts { get; init; }

    /// <summary>Since API 1.52; null leaves it out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HealthSummary? Health { get; init; }
}

/// <param name="Status">none, starting, healthy, unhealthy.</param>
public sealed record HealthSummary(string Status, int FailingStreak);

public sealed record PortSummary
{
    [JsonPropertyName("IP")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ip { get; init; }

    public required int PrivatePort { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PublicPort { get; init; }

    public required string Type { get; init; }
}

public sealed record HostConfigSummary
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NetworkMode { get; init; }

    /// <summary>Since API 1.46; null leaves it out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

public sealed record NetworkSettingsSummary(IReadOnlyDictionary<string, EndpointSettings> Networks);

public sealed record MountPoint
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    public required string Source { get; init; }

    public required string Destination { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Driver { get; init; }

    public required string Mode { get; init; }

    [JsonPropertyName("RW")]
    public required bool ReadWrite { get; init; }

    public required string Propagation { get; init; }
}
