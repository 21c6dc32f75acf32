using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Images;

/// <summary>One step of an image's history.</summary>
/// <param name="Created">Unix seconds.</param>
/// <param name="Id">Of the image that ends with this step, or "&lt;missing&gt;".</param>
/// <param name="Tags">Null when there are none.</param>
public sealed record ImageHistoryReply(
    string Comment, long Created, string CreatedBy, string Id, long Size, IReadOnlyList<string>? Tags);

/// <summary>One thing that a removal did.</summary>
public sealed record ImageDeleteReply
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Untagged { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Deleted { get; init; }
}

/// <param name="ImagesDeleted">Null when nothing was.</param>
/// <param name="SpaceReclaimed">Bytes.</param>
public sealed record ImagePruneReply(IReadOnlyList<ImageDeleteReply>? ImagesDeleted, long SpaceReclaimed);

/// <summary>An OCI platform, as the query parameter platform has it from API 1.48 on.</summary>
public sealed record PlatformQuery
{
    [JsonPropertyName("os")]
    public string? Os { get; init; }

    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    [JsonPropertyName("variant")]
    public string? Variant { get; init; }
}

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(IReadOnlyList<ImageSummary>))]
[JsonSerializable(typeof(ImageInspectReply))]
[JsonSerializable(typeof(IReadOnlyList<ImageHistoryReply>))]
[JsonSerializable(typeof(IReadOnlyList<ImageDeleteReply>))]
[JsonSerializable(typeof(ImagePruneReply))]
[JsonSerializable(typeof(PlatformQuery))]
public sealed partial class ImagesJson : JsonSerializerContext;
