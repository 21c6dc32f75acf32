using System.Text.Json;
using System.Text.Json.Serialization;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Wire.Docker.Volumes;

/// <summary>Docker's Volume (reference/wire-types.md B3).</summary>
public sealed record VolumeReply
{
    /// <summary>RFC 3339 to the second.</summary>
    public required string CreatedAt { get; init; }

    public required string Driver { get; init; }

    public required IReadOnlyDictionary<string, string>? Labels { get; init; }

    public required string Mountpoint { get; init; }

    public required string Name { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public string Scope { get; init; } = "local";

    /// <summary>In system df only; null leaves it out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VolumeUsage? UsageData { get; init; }
}

/// <param name="RefCount">Containers that have it; −1 unknown.</param>
/// <param name="Size">Bytes; −1 unknown.</param>
public sealed record VolumeUsage(long RefCount, long Size);

public sealed record VolumeListReply(IReadOnlyList<VolumeReply> Volumes, IReadOnlyList<string>? Warnings);

/// <summary>The body of volume create. Null where the client said nothing.</summary>
public sealed record CreateVolumeBody : AskedObject
{
    public string? Name { get; init; }

    public string? Driver { get; init; }

    public IReadOnlyDictionary<string, string>? DriverOpts { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public JsonElement? ClusterVolumeSpec { get; init; }
}

public sealed record PruneVolumesReply(IReadOnlyList<string> VolumesDeleted, long SpaceReclaimed);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(VolumeReply))]
[JsonSerializable(typeof(VolumeListReply))]
[JsonSerializable(typeof(CreateVolumeBody))]
[JsonSerializable(typeof(PruneVolumesReply))]
public sealed partial class VolumeJson : JsonSerializerContext;
