using System.Text.Json.Serialization;
using Podsharp.Core.Images;

namespace Podsharp.Storage.Archives;

/// <summary>An item of manifest.json in a docker-archive.</summary>
internal sealed class ArchiveItem
{
    public string? Config { get; set; }

    public List<string>? RepoTags { get; set; }

    public List<string>? Layers { get; set; }

    /// <summary>Id of the image that it was made from, when that one is in the archive too.</summary>
    public string? Parent { get; set; }

    public SortedDictionary<string, DescriptorShape>? LayerSources { get; set; }
}

/// <summary>An index or a manifest (OCI image spec, image-index.md and manifest.md; the older schema 2 is the same but for its media types).</summary>
internal sealed class ManifestShape
{
    [JsonPropertyName("schemaVersion")] public int SchemaVersion { get; set; } = 2;

    [JsonPropertyName("mediaType")] public string? MediaType { get; set; }

    [JsonPropertyName("manifests")] public List<DescriptorShape>? Manifests { get; set; }

    [JsonPropertyName("config")] public DescriptorShape? Config { get; set; }

    [JsonPropertyName("layers")] public List<DescriptorShape>? Layers { get; set; }
}

internal sealed class DescriptorShape
{
    [JsonPropertyName("mediaType")] public string? MediaType { get; set; }

    [JsonPropertyName("size")] public long Size { get; set; }

    [JsonPropertyName("digest")] public string? Digest { get; set; }

    [JsonPropertyName("platform")] public PlatformShape? Platform { get; set; }

    [JsonPropertyName("annotations")] public Dictionary<string, string>? Annotations { get; set; }
}

internal sealed class PlatformShape
{
    [JsonPropertyName("architecture")] public string? Architecture { get; set; }

    [JsonPropertyName("os")] public string? Os { get; set; }

    [JsonPropertyName("variant")] public string? Variant { get; set; }

    public static PlatformShape Of(ImageConfig config) => new()
    {
        Architecture = config.Architecture, Os = config.Os, Variant = config.Variant is { Length: > 0 } variant ? variant : null,
    };

    [JsonIgnore] public Platform Value => Platform.Of(Os is { Length: > 0 } os ? os : "linux", Architecture ?? "", Variant ?? "");
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<ArchiveItem>))]
[JsonSerializable(typeof(ManifestShape))]
[JsonSerializable(typeof(SortedDictionary<string, SortedDictionary<string, string>>))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
