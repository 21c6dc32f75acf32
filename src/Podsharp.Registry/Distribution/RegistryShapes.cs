using System.Text.Json;
using System.Text.Json.Serialization;

namespace Podsharp.Registry.Distribution;

/// <summary>The errors of the distribution API, and those of token servers.</summary>
internal sealed record ErrorsReply
{
    [JsonPropertyName("errors")]
    public IReadOnlyList<ErrorItem?>? Errors { get; init; }

    [JsonPropertyName("error")]
    public JsonElement? Error { get; init; }

    [JsonPropertyName("error_description")]
    public string? ErrorDescription { get; init; }

    [JsonPropertyName("details")]
    public JsonElement? Details { get; init; }
}

internal sealed record ErrorItem
{
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }
}

internal sealed record TagsReply
{
    [JsonPropertyName("tags")]
    public IReadOnlyList<string>? Tags { get; init; }
}

internal sealed record CatalogueReply
{
    [JsonPropertyName("repositories")]
    public IReadOnlyList<string>? Repositories { get; init; }
}

internal sealed record SearchReply
{
    [JsonPropertyName("results")]
    public IReadOnlyList<SearchItem>? Results { get; init; }
}

internal sealed record SearchItem
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("description")]
    public string? Description { get; init; }

    [JsonPropertyName("star_count")]
    public int? StarCount { get; init; }

    [JsonPropertyName("is_official")]
    public bool? IsOfficial { get; init; }

    [JsonPropertyName("is_automated")]
    public bool? IsAutomated { get; init; }
}

/// <summary>What tells a manifest's kind.</summary>
internal sealed record ManifestHead
{
    [JsonPropertyName("schemaVersion")]
    public int? SchemaVersion { get; init; }

    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; }

    [JsonPropertyName("manifests")]
    public JsonElement? Manifests { get; init; }

    [JsonPropertyName("layers")]
    public JsonElement? Layers { get; init; }
}

[JsonSerializable(typeof(ErrorsReply))]
[JsonSerializable(typeof(TagsReply))]
[JsonSerializable(typeof(CatalogueReply))]
[JsonSerializable(typeof(SearchReply))]
[JsonSerializable(typeof(ManifestHead))]
internal sealed partial class RegistryJson : JsonSerializerContext;
