using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.System;

/// <summary>Docker's VersionResponse.</summary>
public sealed record VersionReply
{
    public required PlatformInfo Platform { get; init; }

    public required IReadOnlyList<ComponentVersion> Components { get; init; }

    public required string Version { get; init; }

    public required string ApiVersion { get; init; }

    [JsonPropertyName("MinAPIVersion")]
    public required string MinApiVersion { get; init; }

    public required string GitCommit { get; init; }

    public required string GoVersion { get; init; }

    public required string Os { get; init; }

    public required string Arch { get; init; }

    public required string KernelVersion { get; init; }

    public required string BuildTime { get; init; }
}

public sealed record PlatformInfo(string Name);

public sealed record ComponentVersion(string Name, string Version, IReadOnlyDictionary<string, string> Details);
