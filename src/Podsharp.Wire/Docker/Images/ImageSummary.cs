using System.Text.Json.Serialization;

namespace Podsharp.Wire.Docker.Images;

/// <summary>One image of a list.</summary>
public sealed record ImageSummary
{
    /// <summary>Containers that use it; −1: not counted.</summary>
    public required long Containers { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long Created { get; init; }

    public required string Id { get; init; }

    public required IReadOnlyDictionary<string, string>? Labels { get; init; }

    public required string ParentId { get; init; }

    public required IReadOnlyList<string> RepoDigests { get; init; }

    public required IReadOnlyList<string> RepoTags { get; init; }

    /// <summary>Bytes; −1: not computed.</summary>
    public required long SharedSize { get; init; }

    public required long Size { get; init; }

    /// <summary>Below API 1.44: the size again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VirtualSize { get; init; }

    /// <summary>From API 1.47, when asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ManifestSummaryReply>? Manifests { get; init; }
}
