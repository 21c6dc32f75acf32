using System.Text.Json.Serialization;
using Podsharp.Wire.Docker.Images;

namespace Podsharp.Wire.Docker.Registries;

/// <summary>Reply of GET /distribution/NAME/json.</summary>
public sealed record DistributionReply(DescriptorReply Descriptor, IReadOnlyList<PlatformReply> Platforms);

/// <summary>OCI image spec, image-index.md.</summary>
public sealed record PlatformReply
{
    [JsonPropertyName("architecture")]
    public required string Architecture { get; init; }

    [JsonPropertyName("os")]
    public required string Os { get; init; }

    [JsonPropertyName("variant")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }
}
