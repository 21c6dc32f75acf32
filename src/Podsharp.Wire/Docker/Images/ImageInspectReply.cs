using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Images;

/// <summary>All that is known of one image.</summary>
public sealed record ImageInspectReply
{
    public required string Id { get; init; }

    public required IReadOnlyList<string> RepoTags { get; init; }

    public required IReadOnlyList<string> RepoDigests { get; init; }

    /// <summary>Below API 1.52.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Parent { get; init; }

    public required string Comment { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Created { get; init; }

    /// <summary>Below API 1.45: the configuration of the container it was made from, which is nothing here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImageConfigReply? ContainerConfig { get; init; }

    /// <summary>Below API 1.52.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DockerVersion { get; init; }

    public required string Author { get; init; }

    public required ImageConfigReply Config { get; init; }

    public required string Architecture { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }

    public required string Os { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OsVersion { get; init; }

    public required long Size { get; init; }

    /// <summary>Below API 1.44: the size again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VirtualSize { get; init; }

    public required GraphDriverReply GraphDriver { get; init; }

    [JsonPropertyName("RootFS")]
    public required RootFsReply RootFs { get; init; }

    public required ImageMetadataReply Metadata { get; init; }

    /// <summary>From API 1.48: what points to the manifest.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DescriptorReply? Descriptor { get; init; }

    /// <summary>From API 1.48, when asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ManifestSummaryReply>? Manifests { get; init; }
}

public sealed record GraphDriverReply(IReadOnlyDictionary<string, string> Data, string Name);

public sealed record RootFsReply(string Type, IReadOnlyList<string> Layers);

public sealed record ImageMetadataReply(string LastTagTime);

/// <summary>An OCI descriptor.</summary>
public sealed record DescriptorReply(
    [property: JsonPropertyName("mediaType")] string MediaType,
    [property: JsonPropertyName("digest")] string Digest,
    [property: JsonPropertyName("size")] long Size);
