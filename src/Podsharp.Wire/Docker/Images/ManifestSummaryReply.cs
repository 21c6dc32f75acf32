using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Images;

/// <summary>One manifest of an image.</summary>
/// <param name="Id">Its digest.</param>
/// <param name="Available">All that it names is there.</param>
public sealed record ManifestSummaryReply(
    [property: JsonPropertyName("ID")] string Id, DescriptorReply Descriptor, bool Available, ManifestSizeReply Size, string Kind, ManifestImageReply ImageData);

/// <param name="Content">Bytes of blobs.</param>
/// <param name="Total">Bytes of blobs and of what was unpacked from them.</param>
public sealed record ManifestSizeReply(long Content, long Total);

/// <param name="Containers">Ids of those that use it.</param>
public sealed record ManifestImageReply(PlatformReply Platform, IReadOnlyList<string> Containers, UnpackedSizeReply Size);

public sealed record UnpackedSizeReply(long Unpacked);

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
